namespace Quickstart.Tests.Documentation;

[NonParallelizable]
public sealed class ReadmeTests
{
    [Test]
    public void The_example_of_the_README_is_the_code_that_is_compiled_here() =>
        Assert.That(CompiledExample.OnPage("README.md"), Is.EqualTo(CompiledExample.Of("tests", "Quickstart.Tests", "Documentation", "ReadmeExample.cs")));

    [Test]
    public void The_example_of_the_page_of_heads_is_the_code_that_is_compiled_here() =>
        Assert.That(CompiledExample.OnPage("docs", "heads.md"), Is.EqualTo(CompiledExample.Of("tests", "Quickstart.Tests", "Documentation", "HeadsExample.cs")));

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
}
