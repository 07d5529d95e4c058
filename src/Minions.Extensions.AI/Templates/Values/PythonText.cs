using System.Globalization;
using System.Text;

namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Python's rules for characters: which are spaces, ends of lines, printable, and how a string is quoted.</summary>
internal static class PythonText
{
    /// <summary>Python's <c>str.isspace</c> of one character; .NET lacks the four separators of ASCII.</summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    /// <summary>Where <c>str.splitlines</c> splits; a carriage return with a line feed behind it counts as one.</summary>
    public static bool IsLineEnd(char character) =>
        character is >= '\n' and <= '\r' or >= '\x1c' and <= '\x1e' or '\x85' or '\u2028' or '\u2029';

    /// <summary>Python's <c>repr</c> of a string, for messages.</summary>
    public static string Quote(string text)
    {
        char quote = QuoteFor(text);
        StringBuilder builder = new StringBuilder(text.Length + 2).Append(quote);
        for (int index = 0; index < text.Length; index++)
        {
            if (Escaped(text, index, quote, out int length) is { } escaped)
                builder.Append(escaped);
            else
                builder.Append(text, index, length);
            index += length - 1;
        }

        return builder.Append(quote).ToString();
    }

    /// <summary>Python's <c>repr</c> of a string.</summary>
    public static void WriteQuoted(string text, TextBuilder builder, bool isContent)
    {
        char quote = QuoteFor(text);
        builder.Append(quote, isContent);
        int plain = 0;
        for (int index = 0; index < text.Length; index++)
        {
            if (Escaped(text, index, quote, out int length) is { } escaped)
            {
                builder.Append(text.AsSpan(plain, index - plain), isContent).Append(escaped, isContent);
                plain = index + length;
            }

            index += length - 1;
        }

        builder.Append(text.AsSpan(plain), isContent).Append(quote, isContent);
    }

    /// <summary>Python's <c>str.isprintable</c> of one code point.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    /// <summary>A code point by its number, as Python writes it where it writes ASCII only.</summary>
    public static string ByNumber(int codePoint) => codePoint switch
    {
        <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{codePoint:x2}"),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{codePoint:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{codePoint:x8}"),
    };

    private static char QuoteFor(string text) =>
        text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';

    // What stands for the code point at an index, and how many units that has; null where it stands for itself.
    private static string? Escaped(string text, int index, char quote, out int length)
    {
        char character = text[index];
        length = 1;
        if (character == quote || character == '\\')
            return $"\\{character}";
        if (character is >= ' ' and <= '~')
            return null;
        if (!Rune.TryGetRuneAt(text, index, out Rune rune))
            return ByNumber(character); // Half of a surrogate pair.

        length = rune.Utf16SequenceLength;
        return rune.Value switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ => IsPrintable(rune) ? null : ByNumber(rune.Value),
        };
    }
}
