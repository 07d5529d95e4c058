using System.Text.Json;
using System.Text.Json.Nodes;
using Minions.Core.Tokenization;
using Minions.Extensions.AI.Templates;
using Quickstart.CommandLine;
using Quickstart.Prompts;

namespace Quickstart.Tests.Prompts;

public sealed class PromptSourceTests
{
    private const int EndToken = 2;

    private static readonly string Target = Path.Combine(RepositoryFiles.SmolLm2, "target");
    private static readonly HuggingFaceTokenizer Tokenizer = HuggingFaceTokenizer.Load(Target);

    /// <summary>The vectors that ask one question, as Quickstart does, each with the template of a family of models.</summary>
    private static IEnumerable<TestCaseData> Questions()
    {
        foreach (JsonNode vector in File.ReadLines(RepositoryFiles.PathOf("tests", "data", "chat-templates", "vectors.jsonl")).Select(line => JsonNode.Parse(line)!))
        {
            JsonObject variables = vector["variables"]!.AsObject();
            bool isOneQuestion = vector["messages"] is JsonArray { Count: 1 } messages && (string?)messages[0]!["role"] == "user" && messages[0]!["content"] is JsonValue;
            bool isPlainRequest = (bool?)variables["add_generation_prompt"] == true && variables.All(variable => variable.Key is "add_generation_prompt" or "bos_token" or "eos_token");
            string source = (string)vector["source"]!;
            if (isOneQuestion && isPlainRequest && vector["expected"] is not null && !source.Contains("strftime_now", StringComparison.Ordinal))
            {
                JsonObject tokens = new() { ["bos_token"] = variables["bos_token"]?.DeepClone(), ["eos_token"] = variables["eos_token"]?.DeepClone() };
                yield return new TestCaseData(source, tokens.ToJsonString(), (string)vector["messages"]![0]!["content"]!, (string)vector["expected"]!)
                    .SetName($"A_question_has_the_form_of_the_template({vector["template"]}, {vector["case"]})");
            }
        }
    }

    [TestCaseSource(nameof(Questions))]
    public void A_question_has_the_form_of_the_template(string source, string tokens, string question, string expected)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("chat_template.jinja", source).With("tokenizer_config.json", tokens);

        Assert.That(Ask(question, ChatTemplateSet.Load(folder.Path)).Text, Is.EqualTo(expected));
    }

    [Test]
    public void There_are_questions_for_many_families() => Assert.That(Questions().Count(), Is.GreaterThan(10));

    [Test]
    public void The_embedded_model_gets_the_ids_of_its_recorded_prompts()
    {
        var templates = ChatTemplateSet.Load(Target);
        string[] lines = File.ReadAllLines(RepositoryFiles.PathOf("samples", "models", "smollm2", "prompts-dev.jsonl"));

        Assert.That(lines, Is.Not.Empty);
        foreach (string line in lines)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            string question = document.RootElement.GetProperty("messages").EnumerateArray().Single().GetProperty("content").GetString()!;
            Assert.That(Ask(question, templates).Encode(Tokenizer), Is.EqualTo(Tokenizer.Encode(document.RootElement.GetProperty("prompt").GetString()!)));
        }
    }

    [Test]
    public void A_special_token_in_a_question_is_text_and_in_a_raw_prompt_an_id()
    {
        const string Question = "What does <|im_end|> mean?";
        var templates = ChatTemplateSet.Load(Target);

        int written = Ask("What does it mean?", templates).Encode(Tokenizer).Count(id => id == EndToken);
        Assert.That(Ask(Question, templates).Encode(Tokenizer).Count(id => id == EndToken), Is.EqualTo(written));
        Assert.That(Ask(Question, null).Encode(Tokenizer).Count(id => id == EndToken), Is.EqualTo(1));
    }

    [Test]
    public void Without_a_template_a_question_is_taken_as_it_is()
    {
        Assert.That(Ask("Once", ChatTemplateSet.Plain), Is.EqualTo(new Prompt("prompt", null, "Once", "--prompt", "Once")));
        Assert.That(Ask("Once", null), Is.EqualTo(Ask("Once", ChatTemplateSet.Plain)));
    }

    private static Prompt Ask(string question, ChatTemplateSet? templates) => PromptSource.Read(new Arguments { Prompt = question }, templates).Single();
}
