using System.Text.Json;
using Minions.Core.Json;

namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>Values of a model's configuration, read by dotted key, with the tolerance and the errors that suit them.</summary>
internal static class ConfigurationValues
{
    public static string? TextAt(this JsonPart config, string key) => config.At(key) switch
    {
        null => null,
        { IsString: true } part => part.Text(),
        { } part => throw config.FaultAt(key, $"must be a string but is {part.RawText}"),
    };

    /// <summary>A count that may be absent but, where present, must be at least 1.</summary>
    public static int? CountAt(this JsonPart config, string key)
    {
        if (config.At(key) is not { } part)
            return null;

        int count = ToInteger(config, key, part);
        return count > 0 ? count : throw config.FaultAt(key, $"must be at least 1 but is {count}");
    }

    /// <summary>The first of several keys that is present and at least 1; where none is, the error names the first.</summary>
    public static int RequiredCountAt(this JsonPart config, params ReadOnlySpan<string> keys) =>
        config.FirstCountAt(keys) ?? throw config.FaultAt(keys[0], "is missing");

    /// <summary>The first of several keys that is present, or <see langword="null"/>.</summary>
    public static int? FirstCountAt(this JsonPart config, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (config.CountAt(key) is { } value)
                return value;
        }

        return null;
    }

    /// <summary>A number of threads; 0 leaves it to the runtime, as an absent one does.</summary>
    public static int? ThreadsAt(this JsonPart config, string key)
    {
        if (config.At(key) is not { } part)
            return null;

        int threads = ToInteger(config, key, part);
        return threads >= 0 ? (threads == 0 ? null : threads) : throw config.FaultAt(key, $"must be at least 0 but is {threads}");
    }

    /// <summary>Token ids given as one number, an array or not at all. Negative ones are how some writers say that there is none.</summary>
    public static IReadOnlyList<int> TokenIdsAt(this JsonPart config, string key)
    {
        IEnumerable<int> ids = config.At(key) switch
        {
            null => [],
            { Kind: JsonValueKind.Array } array => array.Items().Select(item => ToInteger(config, key, item)),
            { } part => [ToInteger(config, key, part)],
        };
        return [.. ids.Where(id => id >= 0)];
    }

    public static ModelLoadException FaultAt(this JsonPart config, string key, string what) => new($"'{key}' in '{config.File}' {what}.", config.File);

    private static int ToInteger(JsonPart config, string key, JsonPart part)
    {
        // Some writers put whole numbers as 2048.0.
        if (part.Kind == JsonValueKind.Number && part.Number() is var number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue)
            return (int)number;

        throw config.FaultAt(key, $"must be a whole number but is {part.RawText}");
    }
}
