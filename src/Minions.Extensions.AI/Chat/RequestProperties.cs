using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Minions.Core.Generation;

namespace Minions.Extensions.AI.Chat;

/// <summary>The keys of <see cref="ChatOptions.AdditionalProperties"/> that this client knows. Keys of others are left to others.</summary>
internal static class RequestProperties
{
    private const string Prefix = "minions.";

    private static readonly Dictionary<string, Func<GenerationOptions, object?, GenerationOptions?>> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        [MinionsChatProperties.Speculate] = (options, value) => AsFlag(value) is { } flag ? options with { Speculate = flag } : null,
        [MinionsChatProperties.SpeculationLength] = (options, value) => AsNumber(value) is { } length ? options with { SpeculationLength = length } : null,
        [MinionsChatProperties.DecodingMode] = (options, value) => AsText(value) is { } text && Enum.TryParse(text, ignoreCase: true, out DecodingMode mode) && Enum.IsDefined(mode) ? options with { Mode = mode } : null,
        [MinionsChatProperties.CacheKey] = (options, value) => AsText(value) is { } key ? options with { CacheKey = key } : null,
    };

    /// <summary>The keys, for messages and tests.</summary>
    public static IEnumerable<string> Keys => Known.Keys.Append(MinionsChatProperties.TemplateVariables).Order(StringComparer.Ordinal);

    /// <exception cref="UnsupportedChatOptionException">A key of ours is unknown.</exception>
    /// <exception cref="ArgumentException">A value is of another kind.</exception>
    public static GenerationOptions Apply(GenerationOptions options, JsonObject variables, AdditionalPropertiesDictionary? properties)
    {
        foreach ((string key, object? value) in (IEnumerable<KeyValuePair<string, object?>>?)properties ?? [])
        {
            if (!key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                continue;

            if (key.Equals(MinionsChatProperties.TemplateVariables, StringComparison.OrdinalIgnoreCase))
                AddVariables(variables, value);
            else if (Known.TryGetValue(key, out Func<GenerationOptions, object?, GenerationOptions?>? apply))
                options = apply(options, value) ?? throw Wrong(key, value);
            else
                throw new UnsupportedChatOptionException(nameof(ChatOptions.AdditionalProperties), $"there is no '{key}'. There are {string.Join(", ", Keys)}");
        }

        return options;
    }

    private static void AddVariables(JsonObject variables, object? value)
    {
        JsonObject given = value switch
        {
            JsonObject node => node,
            JsonElement { ValueKind: JsonValueKind.Object } element => JsonObject.Create(element)!,
            _ => throw Wrong(MinionsChatProperties.TemplateVariables, value),
        };
        foreach ((string name, JsonNode? node) in given)
            variables[name] = node?.DeepClone();
    }

    private static ArgumentException Wrong(string key, object? value) => new(
        $"{nameof(ChatOptions)}.{nameof(ChatOptions.AdditionalProperties)}: '{key}' is {(value is null ? "null" : $"'{value}' ({value.GetType().Name})")}, which it cannot be. See {nameof(MinionsChatProperties)}.");

    private static bool? AsFlag(object? value) => value switch
    {
        bool flag => flag,
        JsonElement { ValueKind: JsonValueKind.True } => true,
        JsonElement { ValueKind: JsonValueKind.False } => false,
        _ => null,
    };

    private static int? AsNumber(object? value) => value switch
    {
        int number => number,
        long number when number is >= int.MinValue and <= int.MaxValue => (int)number,
        JsonElement { ValueKind: JsonValueKind.Number } element when element.TryGetInt32(out int number) => number,
        _ => null,
    };

    private static string? AsText(object? value) => value switch
    {
        string text => text,
        DecodingMode mode => mode.ToString(),
        JsonElement { ValueKind: JsonValueKind.String } element => element.GetString(),
        _ => null,
    };
}
