using Minions.Core;
using Minions.Core.Speculation;

namespace Minions.Benchmarks.LengthRules;

/// <summary>
/// The simplest rule that adapts, with four numbers, as a floor for others: a moving average of the accepted ids, and one id more than that is
/// drafted. It knows no costs. A request begins with the average that the last one ended with.
/// </summary>
/// <remarks>
/// The numbers are the best of a grid, by the mean speed over replays of the embedded models and of the test family, greedy and at temperature 0.8.
/// </remarks>
internal sealed class MovingAverageSpeculationLength : ISpeculationLengthController
{
    // Of the first rounds only, which outweigh it soon.
    private const double FirstAverage = 2;

    private double _average = FirstAverage;

    /// <summary>What a round weighs that accepts more than the average, in (0, 1].</summary>
    public double RiseWeight { get; init; } = 0.4;

    /// <summary>What a round weighs that accepts less, in (0, 1].</summary>
    public double FallWeight { get; init; } = 0.1;

    /// <summary>The average below which a round decodes plainly, 0 or more.</summary>
    public double SkipBelow { get; init; } = 0.2;

    /// <summary>How many plain rounds are followed by one that drafts all the same, at least 1.</summary>
    public int ProbeInterval { get; init; } = 8;

    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => new Planner(this);

    private sealed class Planner(MovingAverageSpeculationLength rule) : ISpeculationLengthPlanner
    {
        private double _average = Volatile.Read(ref rule._average);
        private int _plainRounds;

        public SpeculationPlan Plan(in RoundOutlook outlook)
        {
            bool drafts = _average >= rule.SkipBelow || _plainRounds >= rule.ProbeInterval;
            return new SpeculationPlan(drafts ? (int)Math.Round(_average) + 1 : 0);
        }

        public void Observe(SpeculationRound round)
        {
            if (round.Plan.Length == 0)
            {
                _plainRounds++;
                return;
            }

            _plainRounds = 0;
            _average += (round.Accepted > _average ? rule.RiseWeight : rule.FallWeight) * (round.Accepted - _average);
        }

        public void Complete() => Volatile.Write(ref rule._average, _average);
    }
}
