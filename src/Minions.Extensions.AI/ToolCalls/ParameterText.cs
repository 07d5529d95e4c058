using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>The value of a parameter that a model wrote as bare text, without saying its type.</summary>
internal static class ParameterText
{
    /// <summary>Reads a value: a string, unless the tool's schema says that it is none.</summary>
    /// <param name="text">What the model wrote.</param>
    /// <param name="schema">The parameter's schema, if known.</param>
    /// <returns>The value. Text that does not fit its type stays a string: the tool says what is wrong with it.</returns>
    public static JsonNode? ToValue(string text, ParameterSchema? schema)
    {
        if (schema is null)
            return JsonValue.Create(text);

        string trimmed = text.Trim();
        if (schema.Allows("null") && trimmed is "null" or "None")
            return null;
        if (schema.Allows("string"))
            return JsonValue.Create(text);

        if (schema.Allows("boolean") && bool.TryParse(trimmed, out bool truth))
            return JsonValue.Create(truth);
        if ((schema.Allows("integer") || schema.Allows("number")) && TryNumber(trimmed) is { } number)
            return number;
        if (schema.Allows("object") && TryJson(trimmed, '{') is { } members)
            return members;
        if (schema.Allows("array") && TryJson(trimmed, '[') is { } items)
            return items;

        return JsonValue.Create(text);
    }

    private static JsonNode? TryNumber(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return JsonValue.Create(whole);

        // As written, so that no digit is lost.
        return text.Length > 0 && (char.IsAsciiDigit(text[0]) || text[0] == '-') ? TryParse(text, JsonValueKind.Number) : null;
    }

    private static JsonNode? TryJson(string text, char start)
    {
        if (!text.StartsWith(start))
            return null;

        JsonValueKind kind = start == '{' ? JsonValueKind.Object : JsonValueKind.Array;
        return TryParse(text, kind) ?? PythonReader.TryParseValue(text);
    }

    private static JsonNode? TryParse(string text, JsonValueKind kind)
    {
        try
        {
            JsonElement root = LenientJson.Parse(text, LenientJson.DeepestArguments);
            return root.ValueKind == kind ? TemplateJson.ToNode(root) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
