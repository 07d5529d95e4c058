using Minions.Docs.Tests.Pages;

namespace Minions.Docs.Tests.Snippets;

/// <summary>What a page shows of C# compiles, all of it.</summary>
internal sealed class SnippetTests
{
    private static IEnumerable<CodeBlock> Blocks => MarkdownPage.All.SelectMany(page => page.Blocks);

    private static IEnumerable<TestCaseData> Programs =>
        Blocks.Where(block => block.Language == "csharp").Select(block => new TestCaseData(block).SetArgDisplayNames(block.ToString()));

    [TestCaseSource(nameof(Programs))]
    public void A_block_compiles_without_a_warning(object block) => Assert.That(SnippetProgram.FaultsOf((CodeBlock)block), Is.Empty);

    [Test]
    public void Every_block_says_its_language_by_a_name_that_tests_know()
    {
        string[] known = ["", "bash", "console", "csharp", "json", "text", "xml"];
        Assert.That(Blocks.Where(block => !known.Contains(block.Language)).Select(block => $"{block} is '{block.Language}'"), Is.Empty);
    }

    [Test]
    public void Every_prelude_is_used()
    {
        string[] there = [.. Directory.EnumerateFiles(RepositoryFiles.PathOf("tests", "Minions.Docs.Tests", "Preludes")).Select(file => Path.GetFileNameWithoutExtension(file)!)];
        Assert.That(Blocks.SelectMany(block => block.Preludes).Distinct(), Is.EquivalentTo(there.Append("above")));
    }
}
