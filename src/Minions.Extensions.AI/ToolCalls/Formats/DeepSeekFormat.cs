using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>
/// DeepSeek V3, R1 and V3.1: a section of calls. In V3 and R1 a call has the type, the name and JSON in a code fence; in V3.1 name and JSON.
/// </summary>
internal sealed class DeepSeekFormat : IToolCallFormat
{
    private const string Section = "<｜tool▁calls▁begin｜>";
    private const string Call = "<｜tool▁call▁begin｜>";
    private const string Separator = "<｜tool▁sep｜>";
    private const string Fence = "```";

    private static readonly HeaderedCalls Calls = new(Call, "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>", ReadHeader);

    public string Name => "DeepSeek";

    public IReadOnlyList<string> Openers { get; } = [Section, Call];

    public IReadOnlyList<string> SilentMarkers { get; } = ["<｜tool▁calls▁end｜>"];

    public bool EndsReasoning => true;

    public bool IsMentionedIn(string templateSource) => templateSource.Contains(Section, StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading) => Calls.Read(reading);

    private static string ReadHeader(string header)
    {
        int separator = header.IndexOf(Separator, StringComparison.Ordinal);
        if (separator < 0)
            return header.Trim();

        string behind = header[(separator + Separator.Length)..].Trim();
        if (behind.Length == 0)
            return header[..separator].Trim();

        int fence = behind.IndexOf(Fence, StringComparison.Ordinal);
        return fence < 0 ? behind : behind[..fence].Trim();
    }
}
