using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>Values of arguments and results as JSON.</summary>
internal static class JsonValues
{
    // What templates are given.
    private const int Deepest = 256;

    /// <summary>Puts a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="what">What it is, as the start of a sentence.</param>
    /// <returns>The value. Of members of one name the last counts; half of a character is U+FFFD.</returns>
    /// <exception cref="ArgumentException">It is nested too deep.</exception>
    /// <exception cref="NotSupportedException">Nothing says how values of its type are written: with trimming, none of the known serializers does.</exception>
    public static JsonNode? ToNode(object? value, string what)
    {
        switch (value)
        {
            case null:
                return null;
            case JsonElement element:
                return Mended(element, what);
            case JsonNode node:
                return Copy(node, what);
            case string text:
                return JsonValue.Create(text);
        }

        JsonSerializerOptions options = AIJsonUtilities.DefaultOptions;
        if (!options.TryGetTypeInfo(value.GetType(), out JsonTypeInfo? type))
            throw new NotSupportedException($"{what} is a {value.GetType()}, which cannot be written as JSON here. Give it as a string or a JsonElement.");

        return Mended(JsonSerializer.SerializeToElement(value, type), what);
    }

    private static JsonNode? Mended(JsonElement element, string what)
    {
        if (element.ValueKind == JsonValueKind.Undefined)
            return null;

        try
        {
            return TemplateJson.ToNode(LenientJson.Parse(element.GetRawText(), Deepest));
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"{what} is nested deeper than {Deepest}. Make it flatter, or give it as a string.", exception);
        }
    }

    // Numbers keep the type of .NET that they have, which JSON would lose.
    private static JsonNode? Copy(JsonNode? node, string what)
    {
        switch (node)
        {
            case JsonObject members:
                JsonObject copy = [];
                try
                {
                    foreach ((string name, JsonNode? value) in members)
                        copy[name] = Copy(value, what);
                }
                catch (ArgumentException)
                {
                    // Two members of one name: System.Text.Json lets nobody see them but who writes them out.
                    return Mended(Written(members), what);
                }

                return copy;
            case JsonArray items:
                return new JsonArray([.. items.Select(item => Copy(item, what))]);
            default:
                return node?.DeepClone();
        }
    }

    private static JsonElement Written(JsonObject members)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
            members.WriteTo(writer);

        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        return document.RootElement.Clone();
    }
}
