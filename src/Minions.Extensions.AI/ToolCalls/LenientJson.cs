using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>JSON as models write it: control characters inside strings, such as line breaks, stand for themselves.</summary>
internal static class LenientJson
{
    /// <summary>Parses a value.</summary>
    /// <exception cref="JsonException">It is not JSON, even so.</exception>
    public static JsonDocument Parse(string text)
    {
        try
        {
            return ParseBytes(text);
        }
        catch (JsonException) when (EscapeControls(text) is string escaped)
        {
            return ParseBytes(escaped);
        }
    }

    // Half of a surrogate pair becomes the replacement character, where parsing text would throw.
    private static JsonDocument ParseBytes(string text) => JsonDocument.Parse(Encoding.UTF8.GetBytes(text));

    // Null when there is nothing to escape: the text is wrong for another reason.
    private static string? EscapeControls(string text)
    {
        StringBuilder escaped = new(text.Length);
        bool inString = false;
        bool afterBackslash = false;
        bool any = false;
        foreach (char c in text)
        {
            if (inString && c < ' ')
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                any = true;
                continue;
            }

            if (c == '"' && !afterBackslash)
                inString = !inString;

            afterBackslash = inString && c == '\\' && !afterBackslash;
            escaped.Append(c);
        }

        return any ? escaped.ToString() : null;
    }
}
