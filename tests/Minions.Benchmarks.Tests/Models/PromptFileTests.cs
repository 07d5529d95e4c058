using Minions.Benchmarks.Models;
using Quickstart;

namespace Minions.Benchmarks.Tests.Models;

public sealed class PromptFileTests
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");

    [TearDown]
    public void Delete() => File.Delete(_file);

    [Test]
    public void Prompts_are_taken_from_the_domains_in_turn()
    {
        Prompt[] prompts = [.. "aaabbc".Select((domain, place) => new Prompt($"{domain}{place}", domain.ToString(), "text"))];

        Assert.That(PromptFile.InTurn(prompts, 2).Select(prompt => prompt.Id), Is.EqualTo(new[] { "a0", "b3", "c5", "a1", "b4" }));
    }

    [Test]
    public void A_prompt_needs_no_name_and_no_domain()
    {
        File.WriteAllText(_file, "\n{\"prompt\": \"one\"}\n{\"prompt\": \"two\", \"id\": \"x\", \"domain\": \"y\", \"more\": 1}\n");

        Assert.That(PromptFile.ReadInTurn(_file, 9), Is.EqualTo(new[] { new Prompt("line-2", PromptFile.NoDomain, "one"), new Prompt("x", "y", "two") }));
    }

    [TestCase("", "holds no prompt")]
    [TestCase("{\"prompt\": \"a\"}\n{", "line 2: malformed JSON")]
    [TestCase("[]", "line 1: expected a JSON object")]
    [TestCase("{\"prompt\": 3}", "line 1: the field 'prompt' has to be a text, found a number")]
    [TestCase("{\"prompt\": \"\"}", "line 1: the field 'prompt' is empty")]
    public void A_file_that_cannot_be_used_is_refused_by_line(string content, string message)
    {
        File.WriteAllText(_file, content);

        Assert.That(() => PromptFile.Read(_file, 9), Throws.TypeOf<BadInputException>().With.Message.StartsWith($"--prompts {_file}").And.Message.Contains(message));
    }
}
