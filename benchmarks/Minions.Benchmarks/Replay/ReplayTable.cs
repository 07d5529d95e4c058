namespace Minions.Benchmarks.Replay;

/// <summary>Speed of every rule on every kind of text, as multiples of plain decoding in the same mode.</summary>
internal sealed class ReplayTable
{
    private const string Mixed = "mixed";

    private readonly Recording _recording;
    private readonly int[] _drafts;
    private readonly bool _isNoisy;
    private readonly int _warmUp;
    private readonly string[] _columns;
    private readonly Dictionary<(string Rule, string Column), double> _speeds = [];
    private readonly Dictionary<string, double> _tokensPerRound = [];

    public ReplayTable(Recording recording, int[] drafts, bool isNoisy, int warmUp)
    {
        (_recording, _drafts, _isNoisy, _warmUp) = (recording, drafts, isNoisy, warmUp);
        _columns = [.. recording.Texts.Select(text => text.Domain).Distinct(), Mixed];
        foreach (ReplayRule rule in Rules)
        {
            foreach (string column in _columns)
                Measure(rule, column);
        }
    }

    /// <summary>The least share of the best fixed length's speed that goodput reaches on a single kind of text.</summary>
    public double WorstShare => _columns.SkipLast(1).Min(Share);

    /// <summary>The share on all kinds mixed.</summary>
    public double MixedShare => Share(Mixed);

    private static IEnumerable<ReplayRule> Rules => ReplayRule.All;

    public double Speed(ReplayRule rule, string column = Mixed) => _speeds[(rule.Name, column)] / _speeds[(ReplayRule.Plain.Name, column)];

    public double BestFixed(string column = Mixed) => ReplayRule.Fixed.Max(rule => Speed(rule, column));

    public void Write(TextWriter output)
    {
        output.WriteLine($"{"rule",-22}{string.Concat(_columns.Select(column => $"{column,10}"))}{"tokens/round",14}");
        foreach (ReplayRule rule in Rules)
            output.WriteLine($"{rule.Name,-22}{string.Concat(_columns.Select(column => $"{Speed(rule, column),10:0.000}"))}{_tokensPerRound[rule.Name],14:0.00}");
        output.WriteLine($"{"goodput / best fixed",-22}{string.Concat(_columns.Select(column => $"{Share(column),10:0.000}"))}");
        output.WriteLine($"{"first request, cold",-22}{string.Concat(_columns.Select(column => $"{Cold(column),10:0.000}"))}");
    }

    private double Share(string column) => Speed(ReplayRule.Goodput, column) / BestFixed(column);

    private void Measure(ReplayRule rule, string column)
    {
        IReadOnlyList<RecordedText> texts = TextsOf(column);
        ReplayRun run = Open(rule);
        run.Decode(texts.Take(_warmUp)).Decode(texts);
        _speeds[(rule.Name, column)] = run.TokensPerMillisecond;
        _tokensPerRound[rule.Name] = run.TokensPerRound;
    }

    private double Cold(string column)
    {
        IEnumerable<RecordedText> first = TextsOf(column).Take(1);
        return Open(ReplayRule.Goodput).Decode(first).TokensPerMillisecond / Open(ReplayRule.Plain).Decode(first).TokensPerMillisecond;
    }

    private ReplayRun Open(ReplayRule rule) => new(rule, new ReplayMachine(_recording.Costs, _isNoisy), _drafts);

    // Mixed: one of each kind in turn, as requests may come.
    private IReadOnlyList<RecordedText> TextsOf(string column) => column != Mixed
        ? [.. _recording.Texts.Where(text => text.Domain == column)]
        : [.. _recording.Texts.GroupBy(text => text.Domain).SelectMany(kind => kind.Select((text, index) => (text, index))).OrderBy(pair => pair.index).Select(pair => pair.text)];
}
