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

    /// <summary>Python's <c>repr</c> of a string.</summary>
    public static string Quote(string text)
    {
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        StringBuilder builder = new StringBuilder(text.Length + 2).Append(quote);
        for (int index = 0; index < text.Length; index++)
        {
            char character = text[index];
            if (character == quote || character == '\\')
                builder.Append('\\').Append(character);
            else if (character is >= ' ' and <= '~')
                builder.Append(character);
            else if (char.IsHighSurrogate(character) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
                AppendRune(builder, new Rune(character, text[++index]));
            else if (char.IsSurrogate(character))
                builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                AppendRune(builder, new Rune(character));
        }

        return builder.Append(quote).ToString();
    }

    /// <summary>Python's <c>str.isprintable</c> of one code point.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    private static void AppendRune(StringBuilder builder, Rune rune)
    {
        _ = rune.Value switch
        {
            '\n' => builder.Append("\\n"),
            '\r' => builder.Append("\\r"),
            '\t' => builder.Append("\\t"),
            _ when IsPrintable(rune) => builder.Append(rune.ToString()),
            <= 0xFF => builder.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
            <= 0xFFFF => builder.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
            _ => builder.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
        };
    }
}
