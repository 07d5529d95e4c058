using System.Text.Json;

namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>A JSON configuration file whose values are read by dotted key, so that every error names the file and the key.</summary>
internal sealed class ConfigFile : IDisposable
{
    private readonly JsonDocument _document;

    private ConfigFile(string path, JsonDocument document)
    {
        Path = path;
        _document = document;
    }

    public string Path { get; }

    public static ConfigFile Open(string path)
    {
        try
        {
            var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new ConfigFile(path, document);

            document.Dispose();
            throw new ModelLoadException($"'{path}' is not a JSON object at its top level.", path);
        }
        catch (JsonException fault)
        {
            throw new ModelLoadException(
                $"'{path}' is not valid JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}): restore the file.", path, fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"'{path}' cannot be read: {fault.Message}", path, fault);
        }
    }

    /// <summary>The element at a dotted key, or null where it or a parent is absent or JSON null.</summary>
    public JsonElement? Find(string key)
    {
        JsonElement element = _document.RootElement;
        foreach (string part in key.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(part, out element))
                return null;
        }

        return element.ValueKind == JsonValueKind.Null ? null : element;
    }

    public string? Text(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } element => element.GetString(),
        { } element => throw Fault(key, $"must be a string but is {element.GetRawText()}"),
    };

    public int? Integer(string key) => Find(key) is { } element ? ToInteger(element, key) : null;

    /// <summary>A count that may be absent but, where present, must be at least 1.</summary>
    public int? Count(string key) => Integer(key) switch
    {
        { } value and <= 0 => throw Fault(key, $"must be at least 1 but is {value}"),
        var value => value,
    };

    /// <summary>The first of several keys that is present and at least 1; where none is, the error names the first.</summary>
    public int RequiredCount(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (Count(key) is { } value)
                return value;
        }

        throw Fault(keys[0], "is missing");
    }

    /// <summary>Token ids given as one number, an array or not at all.</summary>
    public IReadOnlyList<int> TokenIds(string key)
    {
        int[] ids = Find(key) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray().Select(element => ToInteger(element, key))],
            { } element => [ToInteger(element, key)],
        };
        return ids.FirstOrDefault(id => id < 0) is var negative and < 0 ? throw Fault(key, $"holds the impossible token id {negative}") : ids;
    }

    public ModelLoadException Fault(string key, string what) => new($"'{key}' in '{Path}' {what}.", Path);

    public void Dispose() => _document.Dispose();

    private int ToInteger(JsonElement element, string key)
    {
        // Some writers put whole numbers as 2048.0.
        if (element.ValueKind == JsonValueKind.Number && element.GetDouble() is var number
            && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue)
        {
            return (int)number;
        }

        throw Fault(key, $"must be a whole number but is {element.GetRawText()}");
    }
}
