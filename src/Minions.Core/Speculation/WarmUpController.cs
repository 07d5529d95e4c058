using Minions.Core.Drafting;
using Minions.Core.Speculation.Goodput;

namespace Minions.Core.Speculation;

/// <summary>
/// Plans the rounds of a request whose text nobody reads: every draft alone, and all together at lengths that touch every width of run that later
/// rounds take. The first pass is for code and memory; of the others, the median times of each round are learnt.
/// </summary>
/// <param name="knowledge">Learns the costs.</param>
/// <param name="drafts">The drafts to run.</param>
internal sealed class WarmUpController(SpeculationKnowledge knowledge, DraftSet drafts) : ISpeculationLengthController
{
    // Drafts of one kind cost the same: with more than so many the others are known by the first.
    private const int MaxSingles = 8;

    // A run is slow now and then, never fast: the median of three is a time that occurs.
    private const int TimedPasses = 3;

    // A draft that begins has to catch up with the text first, which the first of two rounds does.
    private static readonly int[] SingleLengths = [1, 1, 4];
    private static readonly int[] PanelLengths = [0, 1, 2, 3, 4, 5, 6, 8];

    private readonly List<(DraftSet Drafts, int Length)> _script = Script(drafts);

    /// <summary>The rounds that it takes.</summary>
    public int Rounds => (1 + TimedPasses) * _script.Count;

    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => new Planner(_script, knowledge);

    private static List<(DraftSet Drafts, int Length)> Script(DraftSet drafts)
    {
        var script = new List<(DraftSet, int)>();
        for (int i = 0; i < 64 && script.Count < MaxSingles * SingleLengths.Length && drafts.Count > 1; i++)
        {
            if (drafts.Contains(i))
                script.AddRange(SingleLengths.Select(length => (default(DraftSet).With(i), length)));
        }

        script.AddRange(PanelLengths.Select(length => (drafts, length)));
        return script;
    }

    private sealed class Planner(List<(DraftSet Drafts, int Length)> script, SpeculationKnowledge knowledge) : ISpeculationLengthPlanner
    {
        private readonly List<(TimeSpan Draft, TimeSpan Verify)>[] _times = [.. script.Select(_ => new List<(TimeSpan, TimeSpan)>(TimedPasses))];
        private int _round;

        public SpeculationPlan Plan(in RoundOutlook outlook)
        {
            (DraftSet drafts, int length) = script[_round++ % script.Count];
            return new SpeculationPlan(length) { Drafts = drafts };
        }

        public void Observe(SpeculationRound round)
        {
            if (_round <= script.Count)
                return;

            List<(TimeSpan Draft, TimeSpan Verify)> times = _times[(_round - 1) % script.Count];
            times.Add((round.DraftTime, round.VerifyTime));
            if (times.Count != TimedPasses)
                return;

            (round.DraftTime, round.VerifyTime) = (Median(times.Select(time => time.Draft)), Median(times.Select(time => time.Verify)));
            lock (knowledge.Gate)
                knowledge.LearnCostsNeedsLock(round, round.MissedTokens);
        }

        private static TimeSpan Median(IEnumerable<TimeSpan> times) => times.Order().ElementAt(TimedPasses / 2);
    }
}
