using System.Globalization;
using System.Text;

namespace Minions.Core.Tokenization.Patterns;

/// <summary>A text with one UTF-16 unit for each character, for .NET's regular expressions.</summary>
/// <remarks>
/// .NET matches UTF-16 units, so that <c>\p{L}</c> does not match a letter outside the Basic Multilingual Plane, and <c>.</c> matches half of
/// it; the expressions of tokenizers count whole characters. Here every such character is represented by one of the same category inside the
/// plane. <see cref="OnigurumaTranslator"/> refuses expressions that could tell a representative from what it stands for.
/// </remarks>
internal readonly struct CodePointText
{
    private static readonly char[] Representatives = MakeRepresentatives();

    private readonly int[]? _offsets;

    private CodePointText(string units, int[]? offsets)
    {
        Units = units;
        _offsets = offsets;
    }

    /// <summary>The text to match.</summary>
    public string Units { get; }

    public static CodePointText Of(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return new CodePointText(text, offsets: null);

        var units = new StringBuilder(text.Length);
        var offsets = new List<int>(text.Length);
        int offset = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            units.Append(rune.IsBmp ? (char)rune.Value : Representatives[(int)Rune.GetUnicodeCategory(rune)]);
            offsets.Add(offset);
            offset += rune.Utf16SequenceLength;
        }

        offsets.Add(offset);
        return new CodePointText(units.ToString(), [.. offsets]);
    }

    /// <summary>Where a match lies in the original text.</summary>
    public TextRange InText(int start, int end) => _offsets is null ? new TextRange(start, end) : new TextRange(_offsets[start], _offsets[end]);

    /// <summary>Whether a range of characters holds one that represents others.</summary>
    public static bool HoldsRepresentative(char first, char last) =>
        Array.Exists(Representatives, representative => representative != 0 && representative >= first && representative <= last);

    private static char[] MakeRepresentatives()
    {
        char[] representatives = new char[30];

        // Rare scripts and forms, so that no expression is refused for a letter that people use.
        ReadOnlySpan<char> candidates =
        [
            '\uA722', '\uA723', '\u1FA8', '\uA67F', '\uA4D0', '\uA66F', '\uA823', '\uA670', '\uA620', '\uA6E6', '\uA830', '\uFFF9', '\uE000',
            '\uFE33', '\uFE31', '\uFE59', '\uFE5A', '\u2E02', '\u2E03', '\uA60D', '\u2A00', '\uA838', '\uA700', '\uA828', '\uFFF0',
        ];
        foreach (char candidate in candidates)
            representatives[(int)CharUnicodeInfo.GetUnicodeCategory(candidate)] = candidate;
        return representatives;
    }
}
