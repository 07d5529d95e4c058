using System.Text.Json.Nodes;
using Minions.Benchmarks.Models;
using Minions.Extensions.AI.Templates;

namespace Minions.Benchmarks.Micro;

/// <summary>The chat templates of families of models: SmolLM2's own, and those of the tests, which have the shapes of published ones.</summary>
internal static class TemplateFamily
{
    public const string SmolLm2 = "SmolLM2";
    public const string Qwen = "Qwen";
    public const string Llama = "Llama";
    public const string Mistral = "Mistral";
    public const string GptOss = "gpt-oss";

    /// <summary>What the templates read beside the conversation.</summary>
    public static JsonObject Variables => new() { ["bos_token"] = "<s>", ["eos_token"] = "</s>" };

    /// <summary>The source of a family's template.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such family.</exception>
    public static string SourceOf(string family) => family switch
    {
        SmolLm2 => ChatTemplateSet.Load(RepositoryModels.SmolLm2.TargetFolder).Default.Source,
        Qwen => OfTests("qwen-like"),
        Llama => OfTests("headers-tools"),
        Mistral => OfTests("inst-strict-ids"),
        GptOss => OfTests("channels"),
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "There is no such family."),
    };

    private static string OfTests(string template) =>
        File.ReadLines(Path.Combine(RepositoryModels.Root, "tests", "data", "chat-templates", "vectors.jsonl"))
            .Select(line => JsonNode.Parse(line)!)
            .First(vector => (string?)vector["template"] == template)["source"]!.GetValue<string>();
}
