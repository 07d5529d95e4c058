using System.Text;
using Minions.Core.Tokenization.BytePairs;
using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.Normalization;

/// <summary>Leaves out white space at the ends of a text.</summary>
internal sealed record StripNormalizer(bool Left, bool Right) : INormalizer
{
    public bool KeepsStart(string text) => !Left || text.Length == 0 || !char.IsWhiteSpace(text[0]);

    public string Normalize(string text)
    {
        if (Left)
            text = text.TrimStart();
        return Right ? text.TrimEnd() : text;
    }
}

/// <summary>Leaves out combining marks. Letters that are one character with their accent stay, unless they were decomposed before.</summary>
internal sealed record StripAccentsNormalizer : INormalizer
{
    private static readonly Lazy<CodePointSet> Marks = new(() => UnicodeProperties.Get("tokenizers mark"));

    public bool KeepsStart(string text) => !Rune.TryGetRuneAt(text, 0, out Rune first) || !Marks.Value.Contains(first.Value);

    public string Normalize(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\u0300', '\uFFFF') < 0)
            return text;

        var result = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!Marks.Value.Contains(rune.Value))
                result.Append(rune.ToString());
        }

        return result.ToString();
    }
}

/// <summary>Leaves out control characters and writes all separators as spaces, as machine translation models of SentencePiece do.</summary>
internal sealed record NmtNormalizer : INormalizer
{
    public bool KeepsStart(string text) => text.Length == 0 || !IsLeftOut(text[0]);

    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (char unit in text)
        {
            if (!IsLeftOut(unit))
                result.Append(IsSpace(unit) ? ' ' : unit);
        }

        return result.ToString();
    }

    private static bool IsLeftOut(char unit) =>
        unit is (>= '\u0001' and <= '\u0008') or '\u000B' or (>= '\u000E' and <= '\u001F') or '\u007F' or '\u008F' or '\u009F';

    private static bool IsSpace(char unit) => unit
        is '\t' or '\n' or '\f' or '\r' or '\u1680' or (>= '\u200B' and <= '\u200F') or '\u2028' or '\u2029' or '\u2581' or '\uFEFF' or '\uFFFD';
}

/// <summary>Writes every byte of the UTF-8 text as a character of <see cref="ByteAlphabet"/>.</summary>
internal sealed record ByteLevelNormalizer : INormalizer
{
    public string Normalize(string text) => ByteAlphabet.Write(text);
}
