using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>Values of arguments and results as JSON.</summary>
internal static class JsonValues
{
    /// <summary>Puts a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="what">What it is, as the start of a sentence.</param>
    /// <exception cref="NotSupportedException">Nothing says how values of its type are written: with trimming, none of the known serializers does.</exception>
    public static JsonNode? ToNode(object? value, string what)
    {
        switch (value)
        {
            case null:
                return null;
            case JsonElement element:
                return ToNode(element);
            case JsonNode node:
                return node.DeepClone();
            case string text:
                return JsonValue.Create(text);
        }

        JsonSerializerOptions options = AIJsonUtilities.DefaultOptions;
        if (!options.TryGetTypeInfo(value.GetType(), out JsonTypeInfo? type))
            throw new NotSupportedException($"{what} is a {value.GetType()}, which cannot be written as JSON here. Give it as a string or a JsonElement.");

        return JsonSerializer.SerializeToNode(value, type);
    }

    private static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(element),
    };
}
