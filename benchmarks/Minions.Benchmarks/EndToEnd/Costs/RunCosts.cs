using Minions.Benchmarks.EndToEnd.Measuring;

namespace Minions.Benchmarks.EndToEnd.Costs;

/// <summary>What a target run costs by its shape. Between measured widths by straight line, beyond them with the last slope.</summary>
internal sealed class RunCosts
{
    private readonly SortedDictionary<int, (int Rows, double Milliseconds)[]> _bySlots = [];

    /// <summary>Takes measured runs; one of one row in one slot must be among them.</summary>
    public RunCosts(IReadOnlyDictionary<RunShape, double> milliseconds)
    {
        foreach (IGrouping<int, KeyValuePair<RunShape, double>> slots in milliseconds.GroupBy(cost => cost.Key.Slots))
            _bySlots[slots.Key] = [.. slots.Select(cost => (cost.Key.Rows, cost.Value)).OrderBy(cost => cost.Rows)];
        Unit = milliseconds[new RunShape(1, 1)];
    }

    /// <summary>The cost of a run of one row, in milliseconds.</summary>
    public double Unit { get; }

    /// <summary>The measured runs of one request each: rows and milliseconds.</summary>
    public IReadOnlyList<(int Rows, double Milliseconds)> Alone => _bySlots[1];

    /// <summary>What heads cost, by name; none where no arm has one.</summary>
    public IReadOnlyDictionary<string, HeadCosts> Heads { get; init; } = new Dictionary<string, HeadCosts>();

    /// <summary>
    /// What the runs would give, as a multiple of decoding with runs of one row, if nothing but the target's runs, and heads that cannot run beside them, took time.
    /// </summary>
    /// <param name="tokens">The ids committed by the runs.</param>
    /// <param name="runs">How many runs of each shape there were.</param>
    /// <param name="headMilliseconds">What heads took between the runs.</param>
    /// <returns>The bound, or <see langword="null"/> without runs.</returns>
    public double? Bound(long tokens, IReadOnlyCollection<KeyValuePair<RunShape, double>> runs, double headMilliseconds = 0) =>
        runs.Count == 0 ? null : tokens * Unit / (runs.Sum(run => run.Value * Of(run.Key)) + headMilliseconds);

    /// <summary>The cost of a run in milliseconds. A number of slots that was not measured costs what the next larger does.</summary>
    public double Of(RunShape run)
    {
        int slots = _bySlots.Keys.Where(measured => measured >= run.Slots).DefaultIfEmpty(_bySlots.Keys.Last()).First();
        (int Rows, double Milliseconds)[] costs = _bySlots[slots];
        int above = Array.FindIndex(costs, cost => cost.Rows >= run.Rows);
        if (above == 0 || costs.Length == 1)
            return costs[0].Milliseconds;
        if (above < 0)
            above = costs.Length - 1;

        (int rows, double milliseconds) = costs[above - 1];
        double slope = (costs[above].Milliseconds - milliseconds) / (costs[above].Rows - rows);
        return milliseconds + slope * (run.Rows - rows);
    }
}
