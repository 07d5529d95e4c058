using System.Text;
using System.Text.Json;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Tells a call without any marker from an answer that is a JSON object.</summary>
internal static class BareCall
{
    /// <summary>How many characters tell at most. They are read again with every piece that arrives, so without an end the time would grow with the square.</summary>
    public const int Longest = 1024;

    /// <summary>Whether text starts with an object, alone or first in a list, that calls a tool: its member <c>name</c> comes first and names one that was offered.</summary>
    /// <param name="text">The text as far as it has arrived, from the bracket on.</param>
    /// <param name="tools">The tools that were offered.</param>
    public static Sight Sight(ReadOnlySpan<char> text, ToolCatalog tools)
    {
        bool isLong = text.Length > Longest;
        string start = (isLong ? text[..Longest] : text).ToString();
        Sight sight = Read(Encoding.UTF8.GetBytes(LenientJson.Repair(start)), tools);
        return isLong && sight == Reading.Sight.Perhaps ? Reading.Sight.No : sight;
    }

    private static Sight Read(byte[] bytes, ToolCatalog tools)
    {
        Utf8JsonReader reader = new(bytes, isFinalBlock: false, default);
        try
        {
            // Some fine-tuned models write the type before the name.
            while (reader.Read())
            {
                bool opens = reader.TokenType == JsonTokenType.StartObject || (reader.TokenType == JsonTokenType.StartArray && reader.CurrentDepth == 0);
                if (opens)
                    continue;
                if (reader.TokenType != JsonTokenType.PropertyName)
                    return Reading.Sight.No;

                bool isName = reader.ValueTextEquals("name"u8);
                if (!isName && !reader.ValueTextEquals("type"u8))
                    return Reading.Sight.No;
                if (!reader.Read())
                    return Reading.Sight.Perhaps;
                if (reader.TokenType != JsonTokenType.String)
                    return Reading.Sight.No;
                if (isName)
                    return tools.Has(reader.GetString()!) ? Reading.Sight.Yes : Reading.Sight.No;
            }

            return Reading.Sight.Perhaps;
        }
        catch (JsonException)
        {
            return Reading.Sight.No;
        }
    }
}
