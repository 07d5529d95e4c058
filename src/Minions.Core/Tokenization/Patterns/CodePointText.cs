using System.Text;

namespace Minions.Core.Tokenization.Patterns;

/// <summary>A text with one UTF-16 unit for each character, for .NET's regular expressions.</summary>
/// <remarks>
/// .NET matches UTF-16 units; the expressions of tokenizers count whole characters. A <see cref="SupplementaryAlphabet"/> gives every character
/// outside the Basic Multilingual Plane a unit that the expression cannot tell from it.
/// </remarks>
internal readonly struct CodePointText
{
    private readonly int[]? _offsets;

    private CodePointText(string units, int[]? offsets)
    {
        Units = units;
        _offsets = offsets;
    }

    /// <summary>The text to match.</summary>
    public string Units { get; }

    public static CodePointText Of(string text, SupplementaryAlphabet alphabet)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return new CodePointText(text, offsets: null);

        char[] units = new char[text.Length];
        var offsets = new List<int>(text.Length);
        SupplementaryAlphabet.Writer writer = alphabet.CreateWriter();
        int offset = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            units[offsets.Count] = rune.IsBmp ? (char)rune.Value : writer.UnitOf(rune.Value);
            offsets.Add(offset);
            offset += rune.Utf16SequenceLength;
        }

        string made = new(units, 0, offsets.Count);
        offsets.Add(offset);
        return new CodePointText(made, [.. offsets]);
    }

    /// <summary>Where a match lies in the original text.</summary>
    public TextRange InText(int start, int end) => _offsets is null ? new TextRange(start, end) : new TextRange(_offsets[start], _offsets[end]);
}
