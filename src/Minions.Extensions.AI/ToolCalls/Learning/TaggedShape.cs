using Minions.Extensions.AI.ToolCalls.Formats;

namespace Minions.Extensions.AI.ToolCalls.Learning;

/// <summary>The markers of calls with a tag for each parameter, as a template renders them.</summary>
internal sealed class TaggedShape
{
    private readonly string _head;
    private readonly string _callOpen;
    private readonly TaggedCalls _calls;

    private TaggedShape(string head, string callOpen, TaggedCalls calls)
    {
        _head = head;
        _callOpen = callOpen;
        _calls = calls;
    }

    /// <summary>Finds the markers.</summary>
    /// <param name="one">What is rendered of one call.</param>
    /// <param name="two">What is rendered of two, if the template allows that.</param>
    public static TaggedShape? Find(string one, string? two)
    {
        // The places of name, key, value, key, value; what stands between them is markup.
        string[] words = [ProbeCall.Name, ProbeCall.FirstKey, ProbeCall.FirstValue(0), ProbeCall.SecondKey, ProbeCall.SecondValue(0)];
        List<string> gaps = [];
        int at = 0;
        foreach (string word in words)
        {
            int next = one.IndexOf(word, at, StringComparison.Ordinal);
            if (next < 0)
                return null;

            gaps.Add(one[at..next]);
            at = next + word.Length;
        }

        int tag = gaps[1].LastIndexOfAny(['<', '[']);
        string parameterOpen = tag < 0 ? string.Empty : gaps[1][tag..];
        if (parameterOpen.Length == 0 || !gaps[3].EndsWith(parameterOpen, StringComparison.Ordinal))
            return null;

        string valueEnd = gaps[3][..^parameterOpen.Length].Trim();
        string nameEnd = gaps[1][..tag].Trim();
        string keyEnd = gaps[2] == gaps[4] ? gaps[2].Trim() : ">";
        string head = gaps[0].Trim();
        string tail = one[at..].Trim();
        if (valueEnd.Length == 0 || nameEnd.Length == 0 || keyEnd.Length == 0 || !MarkupEdges.IsMarker(head)
            || !tail.StartsWith(valueEnd, StringComparison.Ordinal))
        {
            return null;
        }

        tail = tail[valueEnd.Length..].TrimStart();
        (string callOpen, string callClose, string blockClose) = Calls(head, tail, valueEnd, two, at);
        if (callOpen.Length == 0 || callClose.Length == 0)
            return null;

        bool ownLines = gaps[2].EndsWith('\n') && gaps[3].StartsWith('\n');
        TaggedCalls calls = new(
            blockClose.Length == 0 ? null : blockClose, callOpen, nameEnd, parameterOpen, keyEnd, valueEnd, callClose, ownLines);
        return new TaggedShape(head, callOpen, calls);
    }

    /// <summary>The format with these markers.</summary>
    public LearntFormat Format()
    {
        string block = _head.EndsWith(_callOpen, StringComparison.Ordinal) ? _head[..^_callOpen.Length].Trim() : string.Empty;
        return new LearntFormat(block.Length == 0 ? [_callOpen] : [block, _callOpen], _calls.Read);
    }

    private static (string CallOpen, string CallClose, string BlockClose) Calls(string head, string tail, string valueEnd, string? two, int end)
    {
        int second = two is null ? -1 : two.IndexOf(ProbeCall.Name, Math.Min(end, two.Length), StringComparison.Ordinal);
        if (second >= 0)
        {
            string middle = two![end..second].Trim();
            middle = middle.StartsWith(valueEnd, StringComparison.Ordinal) ? middle[valueEnd.Length..].TrimStart() : middle;
            int close = MarkupEdges.CommonStart(middle, tail);
            string open = middle[close..].Trim();
            if (head.EndsWith(open, StringComparison.Ordinal) && head != open)
                return (open, tail[..close].Trim(), tail[close..].Trim());
        }

        // Every call has all the markers: the innermost are its own.
        int inner = tail.IndexOf('>', StringComparison.Ordinal) + 1;
        return (head[Math.Max(head.LastIndexOf('<'), 0)..], tail[..inner], tail[inner..].Trim());
    }
}
