namespace Quickstart.Tests.Documentation;

[NonParallelizable]
public sealed class ReadmeTests
{
    [Test]
    public void The_example_of_the_README_is_the_code_that_is_compiled_here()
    {
        string readme = File.ReadAllText(RepositoryFiles.PathOf("README.md")).ReplaceLineEndings("\n");
        string shown = readme.Split("```csharp\n")[1].Split("\n```")[0];

        Assert.That(shown, Is.EqualTo(CompiledExample("ReadmeExample.cs")));
    }

    [Test]
    public void The_example_of_the_page_of_heads_is_the_code_that_is_compiled_here()
    {
        string page = File.ReadAllText(RepositoryFiles.PathOf("docs", "heads.md")).ReplaceLineEndings("\n");
        string shown = page.Split("```csharp\n")[1].Split("\n```")[0];

        Assert.That(shown, Is.EqualTo(CompiledExample("HeadsExample.cs")));
    }

    [Test]
    public async Task The_example_of_the_README_writes_an_answer()
    {
        TextWriter standard = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            await ReadmeExample.RunAsync();
        }
        finally
        {
            Console.SetOut(standard);
        }

        Assert.That(written.ToString().Trim(), Is.Not.Empty);
    }

    private static string CompiledExample(string source)
    {
        string file = RepositoryFiles.PathOf("tests", "Quickstart.Tests", "Documentation", source);
        var example = new List<string>();
        bool inside = false;
        foreach (string line in File.ReadLines(file))
        {
            string text = line.TrimStart();
            if (text is "// <example>" or "// </example>")
                inside = text == "// <example>";
            else if (inside)
                example.Add(line.StartsWith("        ", StringComparison.Ordinal) ? line[8..] : line);
        }

        while (example[^1].Length == 0)
            example.RemoveAt(example.Count - 1);
        return string.Join('\n', example);
    }
}
