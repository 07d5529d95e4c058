using Quickstart.Prompts;

namespace Quickstart.Tests.Prompts;

public sealed class PromptFileTests
{
    private string _file = "";

    [SetUp]
    public void CreateFile() => _file = Path.GetTempFileName();

    [TearDown]
    public void DeleteFile() => File.Delete(_file);

    [Test]
    public void Prompts_are_taken_as_they_are_with_id_and_domain_where_present()
    {
        IReadOnlyList<Prompt> prompts = Read("""{"id": "a", "domain": "code", "prompt": "<|im_start|>x\n", "more": [1]}""", "", """{"prompt": "y", "id": 7, "domain": null}""", """{"prompt": "z"}""");

        Assert.That(prompts, Is.EqualTo(new[]
        {
            new Prompt("a", "code", "<|im_start|>x\n", $"--prompts {_file}, line 1"),
            new Prompt("7", null, "y", $"--prompts {_file}, line 3"),
            new Prompt("line-4", null, "z", $"--prompts {_file}, line 4"),
        }));
    }

    [TestCase("{\"id\": 1}", "'prompt' is missing")]
    [TestCase("{\"prompt\": 3}", "found a number")]
    [TestCase("{\"prompt\": null}", "found null")]
    [TestCase("{\"prompt\": \"\"}", "is empty")]
    [TestCase("{\"prompt\": \"x\", \"id\": {}}", "'id'")]
    [TestCase("[\"x\"]", "found a list")]
    [TestCase("{\"prompt\": \"x\"", "malformed JSON")]
    [TestCase("prompt", "malformed JSON")]
    public async Task A_faulty_line_is_told_by_file_and_number(string line, string reason)
    {
        Assert.That(() => Read("""{"prompt": "good"}""", line), Throws.TypeOf<BadInputException>());

        (await CommandLineRun.Of(["--prompts", _file])).AssertRefused($"--prompts {_file}, line 2", reason);
    }

    [TestCase("")]
    [TestCase("\n  \n")]
    public void A_file_without_prompts_is_told(string content)
    {
        Assert.That(() => Read(content), Throws.TypeOf<BadInputException>().With.Message.Contains($"--prompts {_file}").And.Message.Contains("no prompt"));
    }

    [Test]
    public void A_folder_is_told()
    {
        Assert.That(() => PromptFile.Read(Path.GetTempPath()), Throws.TypeOf<BadInputException>().With.Message.Contains("this is a folder"));
    }

    private IReadOnlyList<Prompt> Read(params string[] lines)
    {
        File.WriteAllLines(_file, lines);
        return PromptFile.Read(_file);
    }
}
