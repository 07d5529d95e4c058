using Minions.Docs.Tests.Pages;

namespace Minions.Docs.Tests.Snippets;

/// <summary>The programs that pages show first run as they stand.</summary>
[NonParallelizable]
internal sealed class ProgramTests
{
    [TestCase("README.md")]
    [TestCase("docs/chat.md")]
    [TestCase("docs/getting-started.md")]
    public async Task The_first_program_of_the_page_writes_an_answer(string page) =>
        Assert.That((await SnippetProgram.RunAsync(FirstOf(page))).Trim(), Is.Not.Empty);

    [Test]
    public async Task The_program_of_the_page_about_GenAI_writes_an_answer() => Assert.That(
        await SnippetProgram.RunAsync(FirstOf("docs/genai.md"), Path.Combine(RepositoryFiles.Family, "target"), Path.Combine(RepositoryFiles.Family, "draft-tales"), "Once upon a time"),
        Does.StartWith("Exactness: Guaranteed").And.Match(@"\d+ tokens in \d+ runs of the target"));

    [Test]
    public void A_streamed_chat_takes_ten_lines() =>
        Assert.That(FirstOf("docs/getting-started.md").Code.Split('\n').Count(line => line.Length > 0), Is.LessThanOrEqualTo(10));

    private static CodeBlock FirstOf(string page) => MarkdownPage.Of(page).Blocks.First(block => block.Language == "csharp");
}
