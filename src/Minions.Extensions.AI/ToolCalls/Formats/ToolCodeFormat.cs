using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Gemma 3 as its guide prompts it: calls in Python in a code fence named <c>tool_code</c>.</summary>
internal sealed class ToolCodeFormat : IToolCallFormat
{
    private const string Open = "```tool_code";

    public string Name => "Gemma tool code";

    public IReadOnlyList<string> Openers { get; } = [Open];

    public bool IsMentionedIn(string templateSource) => templateSource.Contains(Open, StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading) => PythonCalls.Read(reading, "```");
}
