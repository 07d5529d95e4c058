using System.Text;
using System.Text.Json;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>A call written as a JSON object with a name and arguments, under whichever of the usual names.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="ArgumentsText">The arguments: the text of their JSON.</param>
internal sealed record CallObject(string Name, string ArgumentsText)
{
    private static readonly string[] NameKeys = ["name", "tool_name", "function", "function_name"];
    private static readonly string[] ArgumentKeys = ["arguments", "parameters", "args"];

    /// <summary>Reads a call.</summary>
    /// <exception cref="JsonException">The text is not a JSON object that names a tool.</exception>
    public static CallObject Parse(string text)
    {
        JsonElement call = LenientJson.Parse(text);
        if (call.ValueKind != JsonValueKind.Object)
            throw new JsonException($"A call must be a JSON object, but is {call.ValueKind}.");

        if (call.TryGetProperty("function", out JsonElement function) && function.ValueKind == JsonValueKind.Object)
            call = function;

        string name = Text(Member(call, NameKeys)) ?? throw new JsonException("A call has no name of a tool.");
        JsonElement? arguments = Member(call, ArgumentKeys);
        return new CallObject(name, arguments is { } given ? ArgumentsOf(given) : "{}");
    }

    /// <summary>The tool's name in the text of a call that is not whole or not JSON, as far as it can be told.</summary>
    public static string? NameIn(string text)
    {
        int start = text.IndexOf('{', StringComparison.Ordinal);
        if (start < 0)
            return null;

        string? parent = null;
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(LenientJson.Repair(text[start..])), isFinalBlock: false, default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > 2)
                    continue;

                string key = reader.GetString()!;
                bool named = NameKeys.Contains(key) && (reader.CurrentDepth == 1 || parent == "function");
                if (reader.CurrentDepth == 1)
                    parent = key;
                if (named && reader.Read() && reader.TokenType == JsonTokenType.String)
                    return reader.GetString();
            }
        }
        catch (JsonException)
        {
            // Wrong before a name: there is none to tell.
        }

        return null;
    }

    private static JsonElement? Member(JsonElement call, string[] keys)
    {
        foreach (string key in keys)
        {
            if (call.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                return value;
        }

        return null;
    }

    private static string? Text(JsonElement? value) => value?.ValueKind switch
    {
        JsonValueKind.String => value.Value.GetString(),
        JsonValueKind.Number => value.Value.GetRawText(),
        _ => null,
    };

    // Some models write the object as a string that holds it.
    private static string ArgumentsOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
