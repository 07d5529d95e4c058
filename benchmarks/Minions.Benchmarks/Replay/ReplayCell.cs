namespace Minions.Benchmarks.Replay;

/// <summary>Under which conditions rules are compared.</summary>
/// <param name="IsNoisy">Whether controllers see disturbed times.</param>
/// <param name="WarmUp">Requests that a controller sees before those that count.</param>
internal sealed record ReplayConditions(bool IsNoisy, int WarmUp);

/// <summary>Some drafts of a recording, with which any rule decodes each kind of text by itself, and all kinds mixed.</summary>
internal sealed class ReplayCell(Recording recording, int[] drafts, ReplayConditions conditions)
{
    /// <summary>The column of all kinds: one text of each in turn, as requests may come.</summary>
    public const string Mixed = "mixed";

    /// <summary>The kinds of text.</summary>
    public IReadOnlyList<string> Domains { get; } = [.. recording.Texts.Select(text => text.Domain).Distinct()];

    /// <summary>The kinds of text, and <see cref="Mixed"/> last.</summary>
    public IReadOnlyList<string> Columns => [.. Domains, Mixed];

    /// <summary>All drafts, and where there are several each of them alone.</summary>
    public static IEnumerable<(string Title, int[] Drafts)> Of(Recording recording)
    {
        int count = recording.Drafts.Length;
        yield return ("all drafts", [.. Enumerable.Range(0, count)]);
        for (int i = 0; i < count && count > 1; i++)
            yield return ($"{recording.Drafts[i]} alone", [i]);
    }

    /// <summary>Decodes a column's texts by a rule that has seen the first of them before.</summary>
    public ReplayRun Run(ReplayRule rule, string column)
    {
        IReadOnlyList<RecordedText> texts = TextsOf(column);
        return Open(rule).Decode(texts.Take(conditions.WarmUp)).Decode(texts);
    }

    /// <summary>Decodes a column's first text by a rule that has seen nothing.</summary>
    public ReplayRun RunCold(ReplayRule rule, string column) => Open(rule).Decode(TextsOf(column).Take(1));

    private ReplayRun Open(ReplayRule rule) => new(rule, new ReplayMachine(recording.Costs, drafts, conditions.IsNoisy), drafts);

    private IReadOnlyList<RecordedText> TextsOf(string column) => column != Mixed
        ? [.. recording.Texts.Where(text => text.Domain == column)]
        : [.. recording.Texts.GroupBy(text => text.Domain).SelectMany(kind => kind.Select((text, index) => (text, index))).OrderBy(pair => pair.index).Select(pair => pair.text)];
}
