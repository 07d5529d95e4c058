using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Hermes, Qwen 2.5 and 3, Granite 4 and many others: JSON between <c>&lt;tool_call&gt;</c> and <c>&lt;/tool_call&gt;</c>.</summary>
internal sealed class HermesFormat : IToolCallFormat
{
    public string Name => "Hermes";

    public IReadOnlyList<string> Openers { get; } = ["<tool_call>"];

    public bool IsMentionedIn(string templateSource) => templateSource.Contains("<tool_call>", StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading) => JsonCalls.Read(reading, "</tool_call>");
}
