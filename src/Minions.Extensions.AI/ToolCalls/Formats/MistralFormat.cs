using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>
/// Mistral: behind <c>[TOOL_CALLS]</c> a JSON list, or in newer models a name, its id behind <c>[CALL_ID]</c> in some, and JSON behind <c>[ARGS]</c>.
/// </summary>
internal sealed class MistralFormat : IToolCallFormat
{
    private const string IdMarker = "[CALL_ID]";
    private const string ArgumentsMarker = "[ARGS]";

    private static readonly HeaderedCalls Named = new(null, null, null, ReadHeader);

    public string Name => "Mistral";

    public IReadOnlyList<string> Openers { get; } = ["[TOOL_CALLS]"];

    public bool EndsReasoning => true;

    public CallIds Ids => CallIds.NineLetters;

    public bool IsMentionedIn(string templateSource) => templateSource.Contains("[TOOL_CALLS]", StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        while (!cursor.TrySkipSpace())
            yield return ReadStep.More;
        if (cursor.Rest.IsEmpty)
            yield return ReadStep.More;

        IEnumerable<ReadStep> steps = cursor.Rest[0] is '[' or '{' ? JsonCalls.Read(reading, null) : Named.Read(reading);
        foreach (ReadStep step in steps)
            yield return step;
    }

    private static string ReadHeader(string header)
    {
        int arguments = header.IndexOf(ArgumentsMarker, StringComparison.Ordinal);
        string before = arguments < 0 ? header : header[..arguments];
        int id = before.IndexOf(IdMarker, StringComparison.Ordinal);
        return (id < 0 ? before : before[..id]).Trim();
    }
}
