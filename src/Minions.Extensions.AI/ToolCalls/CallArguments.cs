using System.Text.Json;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>The arguments of a call, read from JSON.</summary>
internal static class CallArguments
{
    /// <summary>Reads the arguments.</summary>
    /// <param name="text">The text of a JSON object; nothing at all is an object without members.</param>
    /// <returns>JSON elements by name, and <see langword="null"/> for JSON's null. Of members of one name the last counts.</returns>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static Dictionary<string, object?> Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];

        using JsonDocument document = LenientJson.Parse(text);
        JsonElement root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Null)
            return [];
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException($"The arguments of a call must be a JSON object, but are {root.ValueKind}.");

        Dictionary<string, object?> arguments = new(StringComparer.Ordinal);
        foreach (JsonProperty member in root.EnumerateObject())
            arguments[member.Name] = member.Value.ValueKind == JsonValueKind.Null ? null : member.Value.Clone();

        return arguments;
    }
}
