using System.Text.Json;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>The arguments of a call, read from JSON.</summary>
/// <param name="Members">JSON elements by name, and <see langword="null"/> for JSON's null.</param>
/// <param name="Text">The JSON object that says the same: what the model wrote, with what is wrong in its strings mended.</param>
internal sealed record CallArguments(Dictionary<string, object?> Members, string Text)
{
    /// <summary>Reads the arguments.</summary>
    /// <param name="text">The text of a JSON object; nothing at all is an object without members.</param>
    /// <exception cref="JsonException">The text is not a JSON object, or is nested too deep.</exception>
    public static CallArguments Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new CallArguments([], "{}");

        JsonElement root = LenientJson.Parse(text, LenientJson.DeepestArguments);
        if (root.ValueKind == JsonValueKind.Null)
            return new CallArguments([], "{}");
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException($"The arguments of a call must be a JSON object, but are {root.ValueKind}.");

        Dictionary<string, object?> members = new(StringComparer.Ordinal);
        foreach (JsonProperty member in root.EnumerateObject())
            members[member.Name] = member.Value.ValueKind == JsonValueKind.Null ? null : member.Value.Clone();

        return new CallArguments(members, root.GetRawText());
    }
}
