using System.Text.Json;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>The types that a tool's JSON schema allows a parameter to have.</summary>
internal sealed class ParameterSchema
{
    private readonly HashSet<string> _types = new(StringComparer.Ordinal);

    /// <summary>Reads a parameter's schema.</summary>
    /// <param name="root">The schema it is a part of, which its references start from.</param>
    /// <param name="schema">The parameter's own schema.</param>
    public ParameterSchema(JsonElement root, JsonElement schema)
    {
        Gather(root, schema, 8);
    }

    /// <summary>Whether a value may be of one of JSON schema's types.</summary>
    public bool Allows(string type) => _types.Contains(type);

    // The depth ends what refers to itself.
    private void Gather(JsonElement root, JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth == 0)
            return;

        if (schema.TryGetProperty("$ref", out JsonElement reference) && Resolve(root, reference) is { } target)
            Gather(root, target, depth - 1);
        if (schema.TryGetProperty("type", out JsonElement type))
            AddTypes(type);
        foreach (string key in (string[])["anyOf", "oneOf", "allOf"])
        {
            if (!schema.TryGetProperty(key, out JsonElement choices) || choices.ValueKind != JsonValueKind.Array)
                continue;

            foreach (JsonElement choice in choices.EnumerateArray())
                Gather(root, choice, depth - 1);
        }

        if (_types.Count == 0 && schema.TryGetProperty("enum", out JsonElement values) && values.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement value in values.EnumerateArray())
                AddTypeOf(value);
        }
    }

    private void AddTypes(JsonElement type)
    {
        if (type.ValueKind == JsonValueKind.String)
            _types.Add(type.GetString()!);
        else if (type.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement each in type.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.String))
                _types.Add(each.GetString()!);
        }
    }

    private void AddTypeOf(JsonElement value)
    {
        string? type = value.ValueKind switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Null => "null",
            _ => null,
        };
        if (type is not null)
            _types.Add(type);
    }

    private static JsonElement? Resolve(JsonElement root, JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not { } path || !path.StartsWith('#'))
            return null;

        JsonElement at = root;
        foreach (string raw in path[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = raw.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }

        return at;
    }
}
