using Minions.Extensions.AI.Reasoning;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Command R7B and A: a JSON list in <c>&lt;|START_ACTION|&gt;</c>, and markers around the reasoning and the answer too.</summary>
internal sealed class CommandFormat : IToolCallFormat
{
    public string Name => "Command";

    public IReadOnlyList<string> Openers { get; } = ["<|START_ACTION|>"];

    public IReadOnlyList<string> SilentMarkers { get; } =
        ["<|START_RESPONSE|>", "<|END_RESPONSE|>", "<|START_TEXT|>", "<|END_TEXT|>", "<|END_ACTION|>"];

    public bool EndsReasoning => true;

    public bool FramesAllOutput => true;

    public ReasoningMarkers Reasoning { get; } = new("<|START_THINKING|>", "<|END_THINKING|>");

    public bool IsMentionedIn(string templateSource) => templateSource.Contains("<|START_ACTION|>", StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading) => JsonCalls.Read(reading, "<|END_ACTION|>");
}
