using System.Text.Json.Nodes;
using Minions.Extensions.AI.Reasoning;
using Minions.Extensions.AI.ToolCalls;
using Minions.Extensions.AI.ToolCalls.Formats;

namespace Minions.Extensions.AI.Tests.ToolCalls;

/// <summary>A format, and how a model writes calls in it, as its template renders them.</summary>
internal sealed record Dialect(string Name, IToolCallFormat Format, Func<WrittenCall[], string> Write)
{
    private static readonly ReasoningMarkers Think = new("<think>", "</think>");

    private static IEnumerable<Dialect> Each { get; } =
    [
        new("Hermes", new HermesFormat(), calls => Join("\n", calls, call => $"<tool_call>\n{Object(call)}\n</tool_call>")),
        new("Hermes without breaks", new HermesFormat(), calls => Join("", calls, call => $"<tool_call>{Object(call)}</tool_call>")),
        new("Hermes in one block", new HermesFormat(), calls => $"<tool_call>\n{Join("\n", calls, call => Object(call))}\n</tool_call>"),
        new("Qwen Coder", new QwenCoderFormat(), calls => Join("\n", calls, call => $"<tool_call>\n{Function(call)}\n</tool_call>")),
        new("Qwen Coder without block", new QwenCoderFormat(), calls => Join("\n", calls, Function)),
        new("Llama", new LlamaFormat(), calls => Join("; ", calls, call => Object(call, "parameters"))),
        new("Llama with tag", new LlamaFormat(), calls => "<|python_tag|>" + Join("; ", calls, call => Object(call, "parameters"))),
        new("Mistral list", new MistralFormat(), calls => $"[TOOL_CALLS] [{Join(", ", calls, call => Object(call))}]"),
        new("Mistral names", new MistralFormat(), calls => Join("", calls, call => $"[TOOL_CALLS]{call.Name}[ARGS]{call.ArgumentsJson}")),
        new("Mistral without marker", new MistralFormat(), calls => Join("", calls, call => $"[TOOL_CALLS]{call.Name}{call.ArgumentsJson}")),
        new("Phi", new PhiFormat(), calls => $"<|tool_call|>[{Join(", ", calls, call => Object(call))}]<|/tool_call|>"),
        new("Phi one by one", new PhiFormat(), calls => Join("", calls, call => $"<|tool_call|>{Object(call)}<|/tool_call|>")),
        new("Granite", new GraniteFormat(), calls => $"<|tool_call|>[{Join(", ", calls, call => Object(call))}]"),
        new("Granite 3.1", new GraniteFormat(), calls => $"<tool_call>[{Join(", ", calls, call => Object(call))}]"),
        new("FunctionGemma", GemmaFormat.Function, calls => Join("", calls, call => $"<start_function_call>call:{call.Name}{Gemma(call.Arguments, "<escape>")}<end_function_call>")),
        new("Gemma 4", GemmaFormat.Four, calls => Join("", calls, call => $"<|tool_call>call:{call.Name}{Gemma(call.Arguments, "<|\"|>")}<tool_call|>")),
        new("Gemma tool code", new ToolCodeFormat(), calls => $"```tool_code\n[{Join(", ", calls, Python)}]\n```"),
        new("Python list", new PythonListFormat(), calls => $"[{Join(", ", calls, Python)}]"),
        new("Llama in a list", new LlamaFormat(), calls => $"[{Join(", ", calls, call => Object(call))}]"),
        new("LFM2", new Lfm2Format(), calls => $"<|tool_call_start|>[{Join(", ", calls, Python)}]<|tool_call_end|>"),
        new("LFM2 as JSON", new Lfm2Format(), calls => $"<|tool_call_start|>[{Join(", ", calls, call => Object(call))}]<|tool_call_end|>"),
        new("GLM", new GlmFormat(), calls => Join("\n", calls, call => $"<tool_call>{call.Name}\n{Glm(call, "\n")}</tool_call>")),
        new("GLM without breaks", new GlmFormat(), calls => Join("", calls, call => $"<tool_call>{call.Name}{Glm(call, "")}</tool_call>")),
        new("Kimi", new KimiFormat(), calls => $"<|tool_calls_section_begin|>{Join("", calls, Kimi)}<|tool_calls_section_end|>"),
        new("DeepSeek V3", new DeepSeekFormat(), calls => $"<｜tool▁calls▁begin｜>{Join("\n", calls, DeepSeekFenced)}<｜tool▁calls▁end｜>"),
        new("DeepSeek V3.1", new DeepSeekFormat(), calls => $"<｜tool▁calls▁begin｜>{Join("", calls, DeepSeek)}<｜tool▁calls▁end｜>"),
        new("Command", new CommandFormat(), calls => $"<|START_ACTION|>[\n{Join(",\n", calls, Command)}\n]<|END_ACTION|>"),
        new("Harmony", new HarmonyFormat(), calls => Join("<|start|>assistant", calls, call => $"<|channel|>commentary to=functions.{call.Name} <|constrain|>json<|message|>{call.ArgumentsJson}<|call|>")),
        new("Harmony recipient first", new HarmonyFormat(), calls => Join("<|start|>assistant", calls, call => $" to=functions.{call.Name}<|channel|>commentary json<|message|>{call.ArgumentsJson}<|call|>")),
    ];

    public static IReadOnlyList<Dialect> All { get; } = [.. Each];

    public OutputSyntax Syntax => new(Format, Format is HarmonyFormat ? null : Think);

    public override string ToString() => Name;

    private static string Join(string separator, WrittenCall[] calls, Func<WrittenCall, string> write) => string.Join(separator, calls.Select(write));

    private static string Object(WrittenCall call, string key = "arguments") => $$"""{"name": "{{call.Name}}", "{{key}}": {{call.ArgumentsJson}}}""";

    private static string Function(WrittenCall call) =>
        $"<function={call.Name}>\n{string.Concat(call.Arguments.Select(member => $"<parameter={member.Key}>\n{Loose(member.Value)}\n</parameter>\n"))}</function>";

    // Python prints truth with a capital letter.
    private static string Loose(JsonNode? value) => WrittenCall.Json(value) is "true" ? "True" : WrittenCall.Json(value) is "false" ? "False" : WrittenCall.Text(value);

    private static string Glm(WrittenCall call, string line) =>
        string.Concat(call.Arguments.Select(member => $"<arg_key>{member.Key}</arg_key>{line}<arg_value>{WrittenCall.Text(member.Value)}</arg_value>{line}"));

    private static string Kimi(WrittenCall call, int index) =>
        FormattableString.Invariant($"<|tool_call_begin|>functions.{call.Name}:{index}<|tool_call_argument_begin|>{call.ArgumentsJson}<|tool_call_end|>");

    private static string Kimi(WrittenCall call) => Kimi(call, 0);

    private static string DeepSeek(WrittenCall call) => $"<｜tool▁call▁begin｜>{call.Name}<｜tool▁sep｜>{call.ArgumentsJson}<｜tool▁call▁end｜>";

    private static string DeepSeekFenced(WrittenCall call) =>
        $"<｜tool▁call▁begin｜>function<｜tool▁sep｜>{call.Name}\n```json\n{call.ArgumentsJson}\n```<｜tool▁call▁end｜>";

    private static string Command(WrittenCall call) =>
        $$"""    {"tool_call_id": "0", "tool_name": "{{call.Name}}", "parameters": {{call.ArgumentsJson}}}""";

    private static string Python(WrittenCall call) => $"{call.Name}({string.Join(", ", call.Arguments.Select(member => $"{member.Key}={Python(member.Value)}"))})";

    private static string Python(JsonNode? value) => value switch
    {
        null => "None",
        JsonObject members => $"{{{string.Join(", ", members.Select(member => $"'{member.Key}': {Python(member.Value)}"))}}}",
        JsonArray items => $"[{string.Join(", ", items.Select(Python))}]",
        JsonValue text when text.TryGetValue(out string? words) => $"'{words.Replace("\\", "\\\\").Replace("'", "\\'").Replace("\n", "\\n")}'",
        _ => Loose(value),
    };

    private static string Gemma(JsonNode? value, string quote) => value switch
    {
        JsonObject members => $"{{{string.Join(",", members.Select(member => $"{member.Key}:{Gemma(member.Value, quote)}"))}}}",
        JsonArray items => $"[{string.Join(",", items.Select(item => Gemma(item, quote)))}]",
        JsonValue text when text.TryGetValue(out string? words) => quote + words + quote,
        _ => WrittenCall.Json(value),
    };
}
