using Minions.Extensions.AI.ToolCalls.Formats;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>The formats that are known by name.</summary>
internal static class ToolCallFormats
{
    /// <summary>
    /// All of them. Where one understands what another writes, the one whose markers are closer comes first.
    /// </summary>
    public static IReadOnlyList<IToolCallFormat> All { get; } =
    [
        new HarmonyFormat(),
        new KimiFormat(),
        new DeepSeekFormat(),
        new CommandFormat(),
        new Lfm2Format(),
        GemmaFormat.Function,
        GemmaFormat.Four,
        new MistralFormat(),
        new QwenCoderFormat(),
        new GlmFormat(),
        new GraniteFormat(),
        new PhiFormat(),
        new HermesFormat(),
        new LlamaFormat(),
        new PythonListFormat(),
        new ToolCodeFormat(),
    ];

    /// <summary>The first format that the source of a chat template mentions.</summary>
    public static IToolCallFormat? MentionedIn(string templateSource) => All.FirstOrDefault(format => format.IsMentionedIn(templateSource));
}
