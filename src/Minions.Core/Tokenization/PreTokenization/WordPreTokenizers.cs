using System.Text;
using Minions.Core.Tokenization.Patterns;
using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.PreTokenization;

/// <summary>Sets punctuation apart.</summary>
internal sealed record PunctuationPreTokenizer(SplitBehavior Behavior) : IPreTokenizer
{
    private static readonly Lazy<CodePointSet> Marks = new(() => UnicodeProperties.Get("tokenizers punctuation"));

    public void Split(string piece, bool atStart, List<string> pieces) =>
        Splitting.Cut(piece, CharacterSearch.In(piece, Marks.Value), Behavior, invert: false, pieces);
}

/// <summary>Cuts into words and runs of other characters; white space is left out.</summary>
internal sealed record WhitespacePreTokenizer : IPreTokenizer
{
    // Unlike Oniguruma, the expressions of this pre-tokenizer count the two joiners among the words.
    private static readonly Lazy<TextPattern> Words = new(() => TextPattern.OfExpression(@"[\w\u200C\u200D]+|[^\w\s\u200C\u200D]+"));

    public void Split(string piece, bool atStart, List<string> pieces) =>
        Splitting.Cut(piece, Words.Value.Matches(piece), SplitBehavior.Removed, invert: true, pieces);
}

/// <summary>Cuts at white space, which is left out.</summary>
internal sealed record WhitespaceSplitPreTokenizer : IPreTokenizer
{
    private static readonly Lazy<CodePointSet> Spaces = new(() => UnicodeProperties.Get("space"));

    public void Split(string piece, bool atStart, List<string> pieces) =>
        Splitting.Cut(piece, CharacterSearch.In(piece, Spaces.Value), SplitBehavior.Removed, invert: false, pieces);
}

/// <summary>Cuts at one character, which is left out.</summary>
internal sealed record DelimiterPreTokenizer(string Delimiter) : IPreTokenizer
{
    public void Split(string piece, bool atStart, List<string> pieces) =>
        pieces.AddRange(piece.Split(Delimiter, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>Cuts into pieces of some characters; the last may be shorter.</summary>
internal sealed record FixedLengthPreTokenizer(int Length) : IPreTokenizer
{
    public void Split(string piece, bool atStart, List<string> pieces)
    {
        int start = 0;
        int end = 0;
        int count = 0;
        foreach (Rune rune in piece.EnumerateRunes())
        {
            end += rune.Utf16SequenceLength;
            if (++count % Length != 0)
                continue;

            pieces.Add(piece[start..end]);
            start = end;
        }

        if (end > start)
            pieces.Add(piece[start..]);
    }
}
