using Minions.Core.Drafting;
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
    private readonly int[] _drafts;
    private readonly Random? _random;
    private double _load = 1;
    private int _roundsLeft;

    /// <summary>Makes a machine.</summary>
    /// <param name="costs">The undisturbed times.</param>
    /// <param name="drafts">Which of the recorded drafts the pipeline has, in its order.</param>
    /// <param name="isNoisy">
    /// Whether a controller sees times that scatter by a fifth and double for some dozens of rounds now and then. What is reported is free
    /// of it.
    /// </param>
    public ReplayMachine(RecordedCosts costs, int[] drafts, bool isNoisy)
    {
        (_costs, _drafts) = (costs, drafts);
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
        ulong running = Recorded(round.Running), probed = Recorded(round.Plan.Probes);
        double time = missed > 0 ? CatchUp * _costs.Step(Recorded(DraftSet.First(1))) * missed : 0;
        if (running > 0 && round.ProposedLength > 0)
            time += _costs.Start(running) + round.ProposedLength * _costs.Step(running);
        return probed > 0 ? time + _costs.Step(running | probed) : time;
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

    // The places of a pipeline's drafts in the recording.
    private ulong Recorded(DraftSet drafts)
    {
        ulong bits = 0;
        for (int i = 0; i < _drafts.Length; i++)
            bits |= drafts.Contains(i) ? 1UL << _drafts[i] : 0;
        return bits;
    }
}
