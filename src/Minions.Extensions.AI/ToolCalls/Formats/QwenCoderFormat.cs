using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Qwen 3 Coder, Qwen 3.5 and others: <c>&lt;function=name&gt;</c> with a tag for each parameter, in <c>&lt;tool_call&gt;</c> or without.</summary>
internal sealed class QwenCoderFormat : IToolCallFormat
{
    private static readonly TaggedCalls Calls =
        new("</tool_call>", "<function=", ">", "<parameter=", ">", "</parameter>", "</function>", OwnLines: true);

    public string Name => "Qwen Coder";

    public IReadOnlyList<string> Openers { get; } = ["<tool_call>", "<function="];

    public bool IsMentionedIn(string templateSource) => templateSource.Contains("<function=", StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading) => Calls.Read(reading);
}
