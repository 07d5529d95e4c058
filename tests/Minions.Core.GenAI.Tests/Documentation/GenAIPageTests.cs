using GenAI.Examples;

namespace Minions.Core.GenAI.Tests.Documentation;

[NonParallelizable]
internal sealed class GenAIPageTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFiles.PathOf("docs", "genai.md")).ReplaceLineEndings("\n");

    [Test]
    public void The_program_of_the_page_is_the_code_that_is_compiled_here() =>
        Assert.That(CompiledExample.OnPage("docs", "genai.md"), Is.EqualTo(CompiledExample.Of("tests", "Minions.Core.GenAI.Tests", "Documentation", "GenAIExample.cs")));

    [Test]
    public async Task The_program_of_the_page_writes_an_answer()
    {
        TextWriter standard = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            await GenAIExample.RunAsync([GenAIFolders.FamilyTarget, GenAIFolders.Tales, "Once upon a time"]);
        }
        finally
        {
            Console.SetOut(standard);
        }

        Assert.That(written.ToString(), Does.StartWith("Exactness: Guaranteed").And.Match(@"\d+ tokens in \d+ runs of the target"));
    }

    [Test]
    public void Every_option_has_a_line_and_every_line_an_option()
    {
        string table = Page.Split("| member | meaning | default |\n")[1].Split("\n\n")[0];
        string[] named = [.. table.Split('\n').Skip(1).SelectMany(line => line.Split('|')[1].Split('`').Where((_, part) => part % 2 == 1))];

        Assert.That(named, Is.EquivalentTo(typeof(GenAIModelOptions).GetProperties().Select(property => property.Name)));
    }
}
