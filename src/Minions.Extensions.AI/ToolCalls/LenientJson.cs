using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>
/// JSON as models write it. Control characters inside strings, such as line breaks, stand for themselves. An escape that is half of a surrogate pair is
/// U+FFFD. Of members of one name the last counts, at every depth, as Python has it.
/// </summary>
internal static class LenientJson
{
    /// <summary>How deep the arguments of a call may be nested. A message around them still fits into the depth that JSON is written to.</summary>
    public const int DeepestArguments = 60;

    /// <summary>How deep JSON is read unless somebody asks for more.</summary>
    private const int UsualDepth = 64;

    private const int EscapeLength = 6;

    /// <summary>Parses a value.</summary>
    /// <param name="text">The text.</param>
    /// <param name="depth">How deep it may be nested.</param>
    /// <returns>An element that stands alone, all of whose strings can be read.</returns>
    /// <exception cref="JsonException">It is not JSON, even so, or is nested deeper.</exception>
    public static JsonElement Parse(string text, int depth = UsualDepth)
    {
        // The encoding puts the replacement character for half of a pair that is not escaped.
        byte[] bytes = Encoding.UTF8.GetBytes(Repair(text));
        using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = depth });
        return DistinctMembers.Of(document.RootElement);
    }

    /// <summary>Escapes what JSON does not allow in strings, and replaces escapes that stand for no character. The start of a text stays the start.</summary>
    /// <param name="text">The text, outside of a string where it starts. It may be cut off.</param>
    public static string Repair(string text)
    {
        StringBuilder repaired = new();
        int copied = 0;
        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"')
                inString = !inString;
            else if (inString && c < ' ')
                Replace(i, 1, Escape(c));
            else if (inString && c == '\\')
                i += PassEscape(i);
        }

        return copied == 0 ? text : repaired.Append(text, copied, text.Length - copied).ToString();

        // Tells how many characters behind the backslash belong to it.
        int PassEscape(int at)
        {
            if (at + 1 < text.Length && text[at + 1] < ' ')
                Replace(at, 2, Escape(text[at + 1]));
            else if (CodeAt(text, at) is { } code && char.IsSurrogate(code))
            {
                if (char.IsHighSurrogate(code) && CodeAt(text, at + EscapeLength) is { } next && char.IsLowSurrogate(next))
                    return (2 * EscapeLength) - 1;

                Replace(at, EscapeLength, Escape('\ufffd'));
                return EscapeLength - 1;
            }

            return 1;
        }

        void Replace(int at, int length, string by)
        {
            repaired.Append(text, copied, at - copied).Append(by);
            copied = at + length;
        }
    }

    private static string Escape(char c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");

    // The code of an escape in hexadecimal digits.
    private static char? CodeAt(string text, int at)
    {
        bool isCode = at + EscapeLength <= text.Length && text[at] == '\\' && text[at + 1] == 'u';
        return isCode && ushort.TryParse(text.AsSpan(at + 2, EscapeLength - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code)
            ? (char)code
            : null;
    }
}
