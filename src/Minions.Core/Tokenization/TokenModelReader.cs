using Minions.Core.Json;
using Minions.Core.Tokenization.BytePairs;
using Minions.Core.Tokenization.Models;
using Minions.Core.Tokenization.Unigrams;

namespace Minions.Core.Tokenization;

/// <summary>Reads the <c>model</c> of a <c>tokenizer.json</c>.</summary>
internal static class TokenModelReader
{
    public static ITokenModel Read(JsonPart part) => TypeOf(part) switch
    {
        "BPE" => BytePairModel.Read(part),
        "Unigram" => UnigramModel.Read(part),
        string type => throw part.Fault($"is of the type '{type}', which is not supported; supported are BPE and Unigram"),
    };

    // Files of old versions leave the type out; what the members are tells it.
    private static string TypeOf(JsonPart part) => part.Optional("type")?.Text()
        ?? (part.Optional("merges") is not null ? "BPE"
            : part.Optional("vocab") is { Kind: System.Text.Json.JsonValueKind.Array } ? "Unigram"
            : part.Optional("max_input_chars_per_word") is not null ? "WordPiece"
            : "WordLevel");
}
