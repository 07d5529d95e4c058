namespace Minions.Benchmarks.Replay;

/// <summary>Speed of every rule on every kind of text, as multiples of plain decoding in the same mode.</summary>
internal sealed class ReplayTable
{
    private readonly ReplayCell _cell;
    private readonly Dictionary<(string Rule, string Column), ReplayRun> _runs = [];
    private readonly Dictionary<string, StaticChoice> _best = [];

    /// <summary>Measures.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="drafts">Which of its drafts there are.</param>
    /// <param name="conditions">The conditions.</param>
    public ReplayTable(Recording recording, int[] drafts, ReplayConditions conditions)
    {
        _cell = new ReplayCell(recording, drafts, conditions);
        foreach (string column in _cell.Columns)
        {
            foreach (ReplayRule rule in ReplayRule.All)
                _runs[(rule.Name, column)] = _cell.Run(rule, column);
            if (drafts.Length == recording.Drafts.Length && drafts.Length is > 1 and <= StaticChoice.MostDrafts)
                _best[column] = StaticChoice.Best(recording, column, conditions);
        }
    }

    /// <summary>Whether there are several drafts, few enough to try all sets of them.</summary>
    public bool HasStaticChoice => _best.Count > 0;

    /// <summary>The least share of the best fixed length's speed that goodput reaches on a single kind of text.</summary>
    public double WorstShareOfFixed => _cell.Domains.Min(ShareOfFixed);

    /// <summary>Goodput's speed as a multiple of plain decoding's.</summary>
    public double Goodput(string column = ReplayCell.Mixed) => Multiple(Speed(ReplayRule.Goodput, column), column);

    /// <summary>Goodput's speed over that of the best fixed length, with all drafts in each round.</summary>
    public double ShareOfFixed(string column = ReplayCell.Mixed) => Speed(ReplayRule.Goodput, column) / ReplayRule.Fixed.Max(rule => Speed(rule, column));

    /// <summary>Goodput's speed over that of the best fixed length with the best set of drafts.</summary>
    public double ShareOfStatic(string column = ReplayCell.Mixed) => Speed(ReplayRule.Goodput, column) / _best[column].TokensPerMillisecond;

    public void Write(TextWriter output)
    {
        output.WriteLine($"{"rule",-24}{string.Concat(_cell.Columns.Select(column => $"{column,12}"))}{"tokens/round",14}");
        foreach (ReplayRule rule in ReplayRule.All)
            output.WriteLine($"{Row(rule.Name, column => Multiple(Speed(rule, column), column))}{_runs[(rule.Name, ReplayCell.Mixed)].TokensPerRound,14:0.00}");
        if (HasStaticChoice)
            output.WriteLine(Row("best static set", column => Multiple(_best[column].TokensPerMillisecond, column)));
        if (HasStaticChoice)
            output.WriteLine($"{"  its drafts x length",-24}{string.Concat(_cell.Columns.Select(column => $"{_best[column],12}"))}");
        output.WriteLine(Row("goodput / best fixed", ShareOfFixed));
        if (HasStaticChoice)
            output.WriteLine(Row("goodput / best static", ShareOfStatic));
        output.WriteLine(Row("first request, cold", Cold));
    }

    private string Row(string title, Func<string, double> value) => $"{title,-24}{string.Concat(_cell.Columns.Select(column => $"{value(column),12:0.000}"))}";

    private double Speed(ReplayRule rule, string column) => _runs[(rule.Name, column)].TokensPerMillisecond;

    private double Multiple(double speed, string column) => speed / Speed(ReplayRule.Plain, column);

    private double Cold(string column) => _cell.RunCold(ReplayRule.Goodput, column).TokensPerMillisecond / _cell.RunCold(ReplayRule.Plain, column).TokensPerMillisecond;
}
