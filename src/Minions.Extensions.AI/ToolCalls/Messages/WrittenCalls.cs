using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Minions.Extensions.AI.ToolCalls.Formats;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>Calls and results written out, for templates that render none.</summary>
internal static partial class WrittenCalls
{
    /// <summary>Writes calls as the model does, or where nothing says how, as JSON between <c>&lt;tool_call&gt;</c> tags.</summary>
    /// <param name="calls">The calls.</param>
    /// <param name="format">How the model writes calls.</param>
    public static MarkedText Of(IReadOnlyList<TemplateCall> calls, IToolCallFormat? format) => format switch
    {
        Lfm2Format => Between("<|tool_call_start|>", calls.All(IsPython) ? Python(calls) : JsonList(calls), "<|tool_call_end|>"),
        GraniteFormat => Between("<|tool_call|>", JsonList(calls), string.Empty),
        PhiFormat => Between("<|tool_call|>", JsonList(calls), "<|/tool_call|>"),
        LlamaFormat => MarkedText.Content(string.Join("; ", calls.Select(call => Json(call, "parameters")))),
        _ => calls.Select(call => Between("<tool_call>\n", Json(call), "\n</tool_call>")).Aggregate((left, right) => left + "\n" + right),
    };

    /// <summary>Writes a result for a message of the user.</summary>
    public static MarkedText OfResult(MarkedText result) => MarkedText.Markup("<tool_response>\n") + result + MarkedText.Markup("\n</tool_response>");

    private static MarkedText Between(string open, string content, string close) =>
        MarkedText.Markup(open) + MarkedText.Content(content) + MarkedText.Markup(close);

    private static string Json(TemplateCall call, string arguments = "arguments") =>
        new JsonObject { ["name"] = call.Name, [arguments] = call.Arguments.DeepClone() }.ToJsonString(TemplateJson.Unescaped);

    private static string JsonList(IEnumerable<TemplateCall> calls) => $"[{string.Join(", ", calls.Select(call => Json(call)))}]";

    private static bool IsPython(TemplateCall call) => Identifier().IsMatch(call.Name) && call.Arguments.All(argument => Identifier().IsMatch(argument.Key));

    private static string Python(IEnumerable<TemplateCall> calls) => $"[{string.Join(", ", calls.Select(
        call => $"{call.Name}({string.Join(", ", call.Arguments.Select(argument => $"{argument.Key}={Python(argument.Value)}"))})"))}]";

    private static string Python(JsonNode? value)
    {
        StringBuilder text = new();
        WritePython(value, text);
        return text.ToString();
    }

    // What JSON writes, but for the three words that Python spells in another way.
    private static void WritePython(JsonNode? value, StringBuilder text)
    {
        switch (value)
        {
            case null:
                text.Append("None");
                break;
            case JsonObject members:
                text.Append('{');
                foreach ((string key, JsonNode? member) in members)
                {
                    text.Append(text[^1] == '{' ? "" : ", ").Append(JsonValue.Create(key).ToJsonString(TemplateJson.Unescaped)).Append(": ");
                    WritePython(member, text);
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (int i = 0; i < items.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    WritePython(items[i], text);
                }

                text.Append(']');
                break;
            default:
                string json = value.ToJsonString(TemplateJson.Unescaped);
                text.Append(json switch { "true" => "True", "false" => "False", _ => json });
                break;
        }
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Identifier();
}
