using Minions.Core.Speculation;

namespace Minions.Benchmarks.Replay;

/// <summary>Virtual time: recorded costs, disturbed as a busy machine would.</summary>
internal sealed class ReplayMachine
{
    private const double Scatter = 0.2;
    private const double BusyFactor = 2;

    // In steps, an id that a draft missed: these run many at a time. Not recorded; between 0.15 and 0.4 on the embedded drafts and the test family.
    private const double CatchUp = 0.2;

    private readonly RecordedCosts _costs;
    private readonly Random? _random;
    private double _load = 1;
    private int _roundsLeft;

    /// <summary>Makes a machine.</summary>
    /// <param name="costs">The undisturbed times.</param>
    /// <param name="isNoisy">
    /// Whether a controller sees times that scatter by a fifth and double for some dozens of rounds now and then. What is reported is free
    /// of it.
    /// </param>
    public ReplayMachine(RecordedCosts costs, bool isNoisy)
    {
        _costs = costs;
        _random = isNoisy ? new Random(1) : null;
    }

    public double Run(int rows) => rows <= _costs.Runs.Length
        ? _costs.Runs[rows - 1]
        : _costs.Runs[^1] + (rows - _costs.Runs.Length) * (_costs.Runs[^1] - _costs.Runs[0]) / Math.Max(1, _costs.Runs.Length - 1);

    /// <summary>What drafting takes in a round: beginning, steps, a step more with the drafts that are only probed, and catching up.</summary>
    /// <param name="round">The round, with proposals.</param>
    /// <param name="missed">The most ids that a draft has to catch up on, beyond those that a round commits.</param>
    public double Drafting(SpeculationRound round, int missed)
    {
        int running = round.Running.Count, probed = round.Plan.Probes.Count;
        double time = CatchUp * _costs.Steps[0] * missed;
        if (running > 0 && round.ProposedLength > 0)
            time += Of(_costs.Starts, running) + round.ProposedLength * Of(_costs.Steps, running);
        return probed > 0 ? time + Of(_costs.Steps, running + probed) : time;
    }

    /// <summary>What the next round's times are multiplied with on the way to the controller.</summary>
    public double NextDisturbance()
    {
        if (_random is null)
            return 1;

        if (_roundsLeft-- <= 0)
            (_load, _roundsLeft) = (_random.Next(2) == 0 ? 1 : BusyFactor, _random.Next(20, 200));
        double scatter = _random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5;
        return _load * Math.Exp(2 * Scatter * scatter);
    }

    private static double Of(double[] times, int drafts) => times[Math.Min(drafts, times.Length) - 1];
}
