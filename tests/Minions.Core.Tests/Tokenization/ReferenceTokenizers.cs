using System.Text.Json;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Tokenization;

/// <summary>The tokenizers that come with reference samples, loaded once.</summary>
internal static class ReferenceTokenizers
{
    private static readonly Dictionary<string, (string Folder, string Samples)> Places = new()
    {
        ["smollm2"] = (Path.Combine(RepositoryFiles.SmolLm2, "target"), Path.Combine(RepositoryFiles.SmolLm2, "tokenizer-samples.jsonl")),
        ["family"] = (Path.Combine(RepositoryFiles.Family, "target"), Path.Combine(RepositoryFiles.Family, "tokenizer-samples.jsonl")),
        ["gpt2-like"] = Small("gpt2-like"),
        ["llama3-like"] = Small("llama3-like"),
        ["qwen2-like"] = Small("qwen2-like"),
        ["llama2-like"] = Small("llama2-like"),
        ["gemma-like"] = Small("gemma-like"),
    };

    private static readonly Dictionary<string, Lazy<HuggingFaceTokenizer>> Loaded =
        Places.ToDictionary(place => place.Key, place => new Lazy<HuggingFaceTokenizer>(() => HuggingFaceTokenizer.Load(place.Value.Folder)));

    public static IEnumerable<string> Names => Places.Keys;

    /// <summary>Those which have a token for every byte and leave texts as they are.</summary>
    public static IEnumerable<string> Lossless => ["family", "gpt2-like", "llama3-like", "gemma-like"];

    public static HuggingFaceTokenizer Get(string name) => Loaded[name].Value;

    public static string Folder(string name) => Places[name].Folder;

    public static IEnumerable<(string Text, int[] Ids, string Decoded)> Samples(string name)
    {
        foreach (var line in File.ReadLines(Places[name].Samples))
        {
            using var sample = JsonDocument.Parse(line);
            yield return (
                sample.RootElement.GetProperty("text").GetString()!,
                [.. sample.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())],
                sample.RootElement.GetProperty("decoded").GetString()!);
        }
    }

    private static (string Folder, string Samples) Small(string name) =>
        (Path.Combine(RepositoryFiles.Tokenizers, name), Path.Combine(RepositoryFiles.Tokenizers, name, "samples.jsonl"));
}
