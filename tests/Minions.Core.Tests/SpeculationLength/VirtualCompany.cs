using Minions.Core.SpeculationLength;

namespace Minions.Core.Tests.SpeculationLength;

/// <summary>Requests that draft together, or one after another, and are verified in one run, round for round, in virtual time.</summary>
internal sealed class VirtualCompany(ISpeculationLengthController controller, int requests, bool draftsApart = false)
{
    private const int Prompt = 50;
    private const double Step = 0.45e-3;

    private readonly SpeculationLimits _limits = new(0, 16);

    /// <summary>Ids a second of all requests together.</summary>
    public double Goodput { get; private set; }

    /// <summary>Ids a round of each request.</summary>
    public double TokensPerRound { get; private set; }

    public static double BestFixed(int requests, Func<int, VirtualText> text, bool draftsApart = false) =>
        Enumerable.Range(0, 9).Max(length => new VirtualCompany(new FixedSpeculationLength(length), requests, draftsApart).Run(text).Goodput);

    // As SmolLM2 does on two cores: more requests cost attention nodes, more rows of theirs cost little.
    private static double RunOf(int rows, int slots) => 5.5e-3 + 0.75e-3 * (slots - 1) + 0.15e-3 * rows;

    private double StepOf(int drafting) => draftsApart ? drafting * Step : drafting == 0 ? 0 : Step * (1 + 0.15 * (drafting - 1));

    /// <summary>Decodes a text a request, all of the same length, until the first is at its end.</summary>
    public VirtualCompany Run(Func<int, VirtualText> textOf)
    {
        Member[] members = [.. Enumerable.Range(0, requests).Select(i => new Member(controller.OpenRequest(_limits), textOf(i)))];
        double seconds = 0;
        int rounds = 0;
        int lastRows = 2 * requests;
        while (members.All(member => member.Remaining > 0))
        {
            foreach (Member member in members)
                member.Plan(lastRows, requests, draftsApart ? 1 : requests);

            int drafting = members.Count(member => member.Planned > 0);
            int steps = members.Max(member => member.Proposed);
            double draftTime = Enumerable.Range(0, steps).Sum(step => StepOf(members.Count(member => member.Proposed > step)));
            lastRows = members.Sum(member => member.Rows);
            double verifyTime = RunOf(lastRows, requests);
            foreach (Member member in members)
            {
                if (draftsApart)
                    member.Commit(member.Proposed * Step, verifyTime, lastRows, requests, 1, member.Proposed);
                else
                    member.Commit(member.Planned > 0 ? draftTime : 0, verifyTime, lastRows, requests, member.Planned > 0 ? drafting : 1, steps);
            }

            seconds += draftTime + verifyTime;
            rounds++;
        }

        int tokens = members.Sum(member => member.Position);
        (Goodput, TokensPerRound) = (tokens / seconds, (double)tokens / rounds / requests);
        return this;
    }

    private sealed class Member(ISpeculationLengthPlanner planner, VirtualText text)
    {
        private int _chain;
        private int _lastRows = 2;

        public int Position { get; private set; }

        public int Remaining => text.Length - Position;

        public int Planned { get; private set; }

        public int Proposed { get; private set; }

        public int Rows => Math.Max(2, _chain + 1);

        public void Plan(int lastRows, int requests, int draftBatch)
        {
            SpeculationPlan plan = planner.Plan(new RoundOutlook(Prompt + Position, Remaining, 1, lastRows - _lastRows, requests - 1, 1, 2, draftBatch));
            Planned = Math.Min(plan.Length, Remaining - 1);
            Proposed = Planned;
            _chain = Proposed == 0 ? 0 : planner.Shorten(new ChainOutlook(text.Probabilities.AsSpan(Position, Proposed), Enumerable.Repeat(1f, Proposed).ToArray()));
            _lastRows = Rows;
        }

        public void Commit(double drafting, double verifying, int rows, int slots, int draftSlots, int draftSteps)
        {
            int accepted = 0;
            while (accepted < _chain && text.IsRight[Position + accepted])
                accepted++;

            planner.Observe(new RoundObservation(
                Planned, _chain, accepted, accepted + 1, TimeSpan.FromSeconds(drafting), TimeSpan.FromSeconds(verifying), rows, slots, Prompt + Position, Proposed, draftSlots, draftSteps));
            Position += accepted + 1;
        }
    }
}
