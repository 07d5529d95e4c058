using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Kimi K2: a section of calls, each with its id <c>functions.name:number</c> and JSON.</summary>
internal sealed class KimiFormat : IToolCallFormat
{
    private const string Section = "<|tool_calls_section_begin|>";
    private const string Call = "<|tool_call_begin|>";
    private const string Arguments = "<|tool_call_argument_begin|>";
    private const string Namespace = "functions.";

    private static readonly HeaderedCalls Calls = new(Call, "<|tool_call_end|>", "<|tool_calls_section_end|>", ReadHeader);

    public string Name => "Kimi";

    public IReadOnlyList<string> Openers { get; } = [Section, Call];

    public IReadOnlyList<string> SilentMarkers { get; } = ["<|tool_calls_section_end|>"];

    public bool EndsReasoning => true;

    public CallIds Ids => CallIds.NameAndNumber;

    public bool IsMentionedIn(string templateSource) => templateSource.Contains(Section, StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading) => Calls.Read(reading);

    private static string ReadHeader(string header)
    {
        string id = header.Replace(Arguments, string.Empty, StringComparison.Ordinal).Trim();
        int number = id.LastIndexOf(':');
        string name = number < 0 ? id : id[..number];
        return name.StartsWith(Namespace, StringComparison.Ordinal) ? name[Namespace.Length..] : name;
    }
}
