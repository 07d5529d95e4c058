using Minions.Core.Drafting;
using Minions.Core.Speculation.Goodput;

namespace Minions.Core.Speculation;

/// <summary>
/// Plans the rounds of a request whose text nobody reads: every draft alone and all together, at lengths that touch every width of run that later
/// rounds take. The first rounds are for code and memory; what the others cost is learnt.
/// </summary>
/// <param name="knowledge">Learns the costs.</param>
/// <param name="drafts">The drafts to run.</param>
internal sealed class WarmUpController(SpeculationKnowledge knowledge, DraftSet drafts) : ISpeculationLengthController
{
    // Drafts of one kind cost the same: with more than so many the others are known by the first.
    private const int MaxSingles = 8;

    // Code is compiled in these.
    private const int FirstRounds = 12;

    private static readonly int[] Lengths = [0, 1, 2, 3, 4, 6, 8];

    private readonly List<DraftSet> _sets = Sets(drafts);

    /// <summary>The rounds that it takes.</summary>
    public int Rounds => 2 * Lengths.Length * _sets.Count;

    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => new Planner(this, knowledge);

    private static List<DraftSet> Sets(DraftSet drafts)
    {
        var sets = new List<DraftSet>();
        for (int i = 0; i < 64 && sets.Count < MaxSingles; i++)
        {
            if (drafts.Contains(i))
                sets.Add(default(DraftSet).With(i));
        }

        if (sets.Count > 1)
            sets.Add(drafts);
        return sets;
    }

    private sealed class Planner(WarmUpController script, SpeculationKnowledge knowledge) : ISpeculationLengthPlanner
    {
        private int _round;

        private bool IsLearning => _round > FirstRounds;

        public SpeculationPlan Plan(in RoundOutlook outlook)
        {
            int round = _round++ % (script.Rounds / 2);
            return new SpeculationPlan(Lengths[round % Lengths.Length]) { Drafts = script._sets[round / Lengths.Length % script._sets.Count] };
        }

        public void Observe(SpeculationRound round)
        {
            if (!IsLearning)
                return;

            lock (knowledge.Gate)
                knowledge.LearnCostsNeedsLock(round, round.MissedTokens);
        }
    }
}
