using System.Text.Json;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>Checks the schema of a tool's parameters for what no template can put to a model, before one fails over it.</summary>
internal sealed class ToolSchemaCheck
{
    // The tool around it still fits into the depth that JSON is written to.
    private const int Deepest = 60;

    // The members whose own members are schemas, those whose items are, and those that are one.
    private static readonly string[] SchemasByName = ["properties", "patternProperties", "$defs", "definitions"];
    private static readonly string[] SchemaLists = ["anyOf", "oneOf", "allOf", "prefixItems"];
    private static readonly string[] Schemas = ["items", "additionalProperties", "not"];

    private readonly string _tool;

    private ToolSchemaCheck(string tool)
    {
        _tool = tool;
    }

    /// <summary>Checks a schema.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="schema">The schema.</param>
    /// <exception cref="ArgumentException">The schema cannot be put to a model; the message names the tool and the place, and says what to do.</exception>
    public static void Check(string tool, JsonElement schema)
    {
        ToolSchemaCheck check = new(tool);
        if (schema.ValueKind != JsonValueKind.Object)
            throw check.Fault("#", $"is {Kind(schema)}", """Give an object, such as {"type": "object", "properties": {}}""");

        check.CheckText(schema, "#", 1);
        check.CheckSchema(schema, "#");
    }

    private void CheckText(JsonElement element, string path, int depth)
    {
        if (depth > Deepest)
            throw Fault(path, $"is nested deeper than {Deepest}", "Make it flatter");

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                HashSet<string> names = new(StringComparer.Ordinal);
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    string name = Read(() => member.Name, path, "a name");
                    if (!names.Add(name))
                        throw Fault(path, $"has two members named '{name}'", "Keep one of them");
                    CheckText(member.Value, $"{path}/{name}", depth + 1);
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                    CheckText(item, FormattableString.Invariant($"{path}/{index++}"), depth + 1);
                break;
            case JsonValueKind.String:
                Read(element.GetString, path, "text");
                break;
        }
    }

    private void CheckSchema(JsonElement schema, string path)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return;

        foreach (string key in SchemasByName)
        {
            if (!schema.TryGetProperty(key, out JsonElement members))
                continue;
            if (members.ValueKind != JsonValueKind.Object)
                throw Fault($"{path}/{key}", $"is {Kind(members)}", "It has to be an object whose members are schemas");

            foreach (JsonProperty member in members.EnumerateObject())
            {
                string at = $"{path}/{key}/{member.Name}";
                if (member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
                    throw Fault(at, $"is {Kind(member.Value)}", "It has to be a schema: an object, or true or false");
                CheckSchema(member.Value, at);
            }
        }

        foreach (string key in SchemaLists)
        {
            if (!schema.TryGetProperty(key, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
                continue;

            int index = 0;
            foreach (JsonElement item in list.EnumerateArray())
                CheckSchema(item, FormattableString.Invariant($"{path}/{key}/{index++}"));
        }

        foreach (string key in Schemas)
        {
            if (schema.TryGetProperty(key, out JsonElement inner))
                CheckSchema(inner, $"{path}/{key}");
        }
    }

    // What System.Text.Json throws for an escape that is half of a surrogate pair.
    private string Read(Func<string?> read, string path, string what)
    {
        try
        {
            return read() ?? string.Empty;
        }
        catch (InvalidOperationException exception)
        {
            throw Fault(path, $"has {what} that is no valid Unicode, such as half of a surrogate pair", "Write whole characters", exception);
        }
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Undefined => "missing",
        _ => element.ValueKind.ToString().ToLowerInvariant(),
    };

    private ArgumentException Fault(string path, string what, string advice, Exception? inner = null) =>
        new($"The schema of the tool '{_tool}' cannot be put to a model: '{path}' {what}. {advice}.", inner);
}
