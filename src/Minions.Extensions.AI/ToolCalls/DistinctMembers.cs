using System.Buffers;
using System.Text.Json;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>JSON whose objects have no two members of one name: the last counts, in the place of the first, as Python has it.</summary>
internal static class DistinctMembers
{
    /// <summary>Makes such JSON.</summary>
    /// <param name="element">Any JSON, all of whose strings can be read.</param>
    /// <returns>An element that stands alone.</returns>
    public static JsonElement Of(JsonElement element)
    {
        if (!Repeats(element))
            return element.Clone();

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = TemplateJson.Unescaped.Encoder, SkipValidation = true }))
            Write(element, writer);

        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        return document.RootElement.Clone();
    }

    private static bool Repeats(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().Any(Repeats);
        if (element.ValueKind != JsonValueKind.Object)
            return false;

        HashSet<string> names = new(StringComparer.Ordinal);
        return element.EnumerateObject().Any(member => !names.Add(member.Name) || Repeats(member.Value));
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
                foreach (JsonProperty member in element.EnumerateObject())
                    members[member.Name] = member.Value;

                writer.WriteStartObject();
                foreach ((string name, JsonElement value) in members)
                {
                    writer.WritePropertyName(name);
                    Write(value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
