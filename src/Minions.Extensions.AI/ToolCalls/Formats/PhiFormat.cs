using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Phi 4: JSON, mostly a list, between <c>&lt;|tool_call|&gt;</c> and <c>&lt;|/tool_call|&gt;</c>.</summary>
internal sealed class PhiFormat : IToolCallFormat
{
    public string Name => "Phi";

    public IReadOnlyList<string> Openers { get; } = ["<|tool_call|>"];

    // Its own template declares tools, but renders no calls.
    public bool IsMentionedIn(string templateSource) =>
        templateSource.Contains("<|/tool_call|>", StringComparison.Ordinal) || templateSource.Contains("<|/tool|>", StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading) => JsonCalls.Read(reading, "<|/tool_call|>");
}
