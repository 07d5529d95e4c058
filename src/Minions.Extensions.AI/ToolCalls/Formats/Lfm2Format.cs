using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>LFM2: a list of calls in Python between <c>&lt;|tool_call_start|&gt;</c> and <c>&lt;|tool_call_end|&gt;</c>, or of JSON objects where asked for.</summary>
internal sealed class Lfm2Format : IToolCallFormat
{
    private const string Open = "<|tool_call_start|>";

    public string Name => "LFM2";

    public IReadOnlyList<string> Openers { get; } = [Open];

    public bool EndsReasoning => true;

    // Most of its templates declare tools, but render no calls.
    public bool IsMentionedIn(string templateSource) =>
        templateSource.Contains(Open, StringComparison.Ordinal) || templateSource.Contains("\"List of tools: ", StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading) => PythonCalls.Read(reading, "<|tool_call_end|>");
}
