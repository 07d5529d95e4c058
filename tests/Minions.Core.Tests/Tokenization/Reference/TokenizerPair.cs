using System.Text.Json.Nodes;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Tokenization.Reference;

/// <summary>One <c>tokenizer.json</c>, loaded by this library and by the reference.</summary>
internal sealed class TokenizerPair : IDisposable
{
    private readonly ModelFolder _folder;

    private TokenizerPair(JsonObject json)
    {
        Reference = ReferenceLibrary.Load((JsonObject)json.DeepClone());
        _folder = new ModelFolder().Write("tokenizer.json", json.ToJsonString());
        try
        {
            Own = HuggingFaceTokenizer.Load(_folder.Path);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public HuggingFaceTokenizer Own { get; } = null!;

    public ReferenceLibrary Reference { get; }

    public static TokenizerPair Load(string folder) =>
        new(JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "tokenizer.json")))!.AsObject());

    /// <summary>A tokenizer whose ids are the UTF-8 bytes of what its first two steps leave of the text, each piece after a U+2581.</summary>
    public static TokenizerPair OfSteps(JsonNode? normalizer, JsonNode? preTokenizer)
    {
        var vocabulary = new JsonObject();
        for (int value = 0; value < 256; value++)
            vocabulary[$"<0x{value:X2}>"] = value;
        var mark = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "\u2581", ["prepend_scheme"] = "always", ["split"] = false };
        return new TokenizerPair(new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = normalizer,
            ["pre_tokenizer"] = preTokenizer is null
                ? null
                : new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(preTokenizer, mark) },
            ["decoder"] = null,
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = true,
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray(),
            },
        });
    }

    /// <summary>A Split by an expression, as <see cref="OfSteps"/>.</summary>
    public static TokenizerPair OfSplit(string expression, string behavior) => OfSteps(normalizer: null, new JsonObject
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = expression },
        ["behavior"] = behavior,
        ["invert"] = false,
    });

    /// <summary>The ids of both for a text.</summary>
    public (IReadOnlyList<int> Own, IReadOnlyList<int> Reference) Encode(string text) =>
        (Own.Encode(text, addBeginToken: false), Reference.Encode(text));

    public bool Agrees(string text)
    {
        (IReadOnlyList<int> own, IReadOnlyList<int> reference) = Encode(text);
        return own.SequenceEqual(reference);
    }

    public void Dispose()
    {
        Reference.Dispose();
        _folder.Dispose();
    }
}
