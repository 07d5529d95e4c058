using Minions.Core.Tokenization.Normalization;

namespace Minions.Core.Tokenization.Decoding;

/// <summary>What the <c>decoder</c> of a <c>tokenizer.json</c> does to the tokens, in this order.</summary>
internal sealed record DecodingRules
{
    /// <summary>The characters of a token are bytes of the <see cref="BytePairs.ByteAlphabet"/>.</summary>
    public bool ByteLevel { get; init; }

    /// <summary>Replacements inside each token.</summary>
    public IReadOnlyList<ReplaceNormalizer> Replacements { get; init; } = [];

    /// <summary>SentencePiece's mark, left out of the first token, a space in the others; or <see langword="null"/>.</summary>
    public string? DroppedFirstMark { get; init; }

    /// <summary>The mark of a word's end: a space between tokens, nothing at the end of the text; or <see langword="null"/>.</summary>
    public string? WordEnd { get; init; }

    /// <summary>Tokens of the form <c>&lt;0x0A&gt;</c> are bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Tokens are joined with spaces, as where a file has no decoder.</summary>
    public bool JoinWithSpaces { get; init; }

    /// <summary>The character that is left out at the start of the whole text, at most <see cref="StripCount"/> times.</summary>
    public char Strip { get; init; }

    public int StripCount { get; init; }
}
