using Minions.Extensions.AI.Reasoning;
using Minions.Extensions.AI.ToolCalls.Formats;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Learning;

/// <summary>
/// Learns a format from what a template renders of one call and of two. Three shapes are known: a JSON object with name and arguments, a name and
/// a JSON object of arguments, and a tag for each parameter; each between markers of any kind.
/// </summary>
internal sealed class FormatLearner
{
    private readonly string _one;
    private readonly string? _two;
    private readonly ReasoningMarkers? _reasoning;

    private FormatLearner(string one, string? two, ReasoningMarkers? reasoning)
    {
        _one = one;
        _two = two;
        _reasoning = reasoning;
    }

    /// <summary>Finds the format: one that is known by name, if it reads back what the template renders, else a learnt one that does.</summary>
    /// <param name="one">What is rendered of one call.</param>
    /// <param name="two">What is rendered of two, if the template allows that.</param>
    /// <param name="reasoning">What surrounds reasoning.</param>
    public static IToolCallFormat? Find(string one, string? two, ReasoningMarkers? reasoning)
    {
        // Some templates render the first call alone.
        bool both = two is not null && two.Contains(ProbeCall.FirstValue(1), StringComparison.Ordinal);
        FormatLearner learner = new(one, both ? two : null, reasoning);
        return ToolCallFormats.All.FirstOrDefault(format => learner.ReadsBack(format, one, 1)) ?? learner.Shapes().FirstOrDefault(learner.ReadsBackAll);
    }

    private bool ReadsBackAll(IToolCallFormat format) => ReadsBack(format, _one, 1) && (_two is null || ReadsBack(format, _two, 2));

    private bool ReadsBack(IToolCallFormat format, string rendered, int count)
    {
        ModelOutputReader reader = new(new OutputSyntax(format, _reasoning), ProbeCall.Tools, startsInReasoning: false);
        List<OutputPart> parts = [.. reader.Read(rendered), .. reader.End()];
        List<ToolCall> calls = [.. parts.OfType<CallPart>().Select(part => part.Call)];
        return calls.Count == count
            && calls.Select((call, index) => ProbeCall.Is(call, index)).All(same => same)
            && parts.OfType<TextPart>().All(part => string.IsNullOrWhiteSpace(part.Text));
    }

    private IEnumerable<IToolCallFormat> Shapes()
    {
        // What holds the id of a call is no marker: it differs from call to call.
        if (ProbeCall.Ids.Any(id => _one.Contains(id(0), StringComparison.Ordinal)))
            yield break;

        if (Json() is { } json)
            yield return json;
        if (Headered() is { } headered)
            yield return headered;
        if (Tagged() is { } tagged)
            yield return tagged;
    }

    // markers {"name": ..., "arguments": {...}} markers
    private LearntFormat? Json()
    {
        int name = _one.IndexOf(ProbeCall.Name, StringComparison.Ordinal);
        int start = _one.AsSpan(0, Math.Max(name, 0)).IndexOf('{');
        if (start < 0 || TryObject(_one, start) is not { } end)
            return null;

        string head = _one[..start].TrimEnd().TrimEnd('[').Trim();
        string tail = _one[end..].TrimStart().TrimStart(']').Trim();
        if (!MarkupEdges.IsMarker(head))
            return null;

        int second = _two is null ? -1 : _two.IndexOf('{', Math.Min(end, _two.Length));
        Section section = Section.From(tail, second < 0 ? null : _two![end..second].Trim());
        return section.CallOpen is null or "," || section.CallOpen == head
            ? new LearntFormat([head], reading => JsonCalls.Read(reading, tail.Length == 0 ? null : tail))
            : section.Format(head, null);
    }

    // markers name markers {...} markers
    private LearntFormat? Headered()
    {
        int name = _one.IndexOf(ProbeCall.Name, StringComparison.Ordinal);
        int start = name < 0 ? -1 : _one.IndexOf('{', name);
        if (start < 0 || TryObject(_one, start) is not { } end)
            return null;

        string head = _one[..name].Trim();
        string separator = _one[(name + ProbeCall.Name.Length)..start].Trim();
        if (!MarkupEdges.IsMarker(head))
            return null;

        int second = _two is null ? -1 : _two.IndexOf(ProbeCall.Name, Math.Min(end, _two.Length), StringComparison.Ordinal);
        Section section = Section.From(_one[end..].Trim(), second < 0 ? null : _two![end..second].Trim());
        return section.Format(head, header => Before(header, separator));
    }

    // markers name markers (key markers value markers)... markers
    private LearntFormat? Tagged() => TaggedShape.Find(_one, _two) is { } shape ? shape.Format() : null;

    private static string Before(string header, string separator)
    {
        int at = separator.Length == 0 ? -1 : header.IndexOf(separator, StringComparison.Ordinal);
        return (at < 0 ? header : header[..at]).Trim();
    }

    private static int? TryObject(string text, int start)
    {
        OutputCursor cursor = new();
        cursor.Append(text.AsSpan(start));
        return BracketExtent.Json().TryTake(cursor, out string taken) ? start + taken.Length : null;
    }

    // The markers around each call, and those around all of them.
    private sealed record Section(string? CallOpen, string? CallClose, string? SectionClose)
    {
        public static Section From(string tail, string? middle)
        {
            if (middle is null)
                return new Section(null, Some(tail), null);

            int close = MarkupEdges.CommonStart(middle, tail);
            return new Section(Some(middle[close..].Trim()), Some(tail[..close].Trim()), Some(tail[close..].Trim()));
        }

        public LearntFormat Format(string head, Func<string, string>? readHeader)
        {
            HeaderedCalls calls = new(CallOpen == head ? null : CallOpen, CallClose, SectionClose, readHeader);
            return new LearntFormat([head], calls.Read);
        }

        private static string? Some(string text) => text.Length == 0 ? null : text;
    }
}
