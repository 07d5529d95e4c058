using System.Text.Json;

namespace Minions.Core.GenAI.Loading;

/// <summary>Values of a JSON file by dotted key, with errors that name key and file.</summary>
internal sealed class JsonKeys(JsonElement root, string file)
{
    /// <summary>Whether something stands there: neither null nor an empty object or list.</summary>
    public bool Holds(string key) => At(key) is { } value && value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => true,
    };

    public string? Text(string key) => At(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Fault(key, $"must be a string but is {value.GetRawText()}");

    public bool? Flag(string key) => At(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Fault(key, $"must be true or false but is {value.GetRawText()}"),
    };

    /// <summary>The JSON that stands there.</summary>
    public string? Raw(string key) => At(key)?.GetRawText();

    public int? Number(string key) => At(key) is { } value ? ToInteger(key, value) : null;

    /// <summary>A number that, where present, is at least 1.</summary>
    public int? Count(string key) => Number(key) is not { } number ? null : number > 0 ? number : throw Fault(key, $"must be at least 1 but is {number}");

    public ModelLoadException Fault(string key, string what) => new($"'{key}' in '{file}' {what}.", file);

    private JsonElement? At(string key)
    {
        JsonElement at = root;
        foreach (string name in key.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }

        return at.ValueKind == JsonValueKind.Null ? null : at;
    }

    private int ToInteger(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw Fault(key, $"must be a whole number but is {value.GetRawText()}");
}
