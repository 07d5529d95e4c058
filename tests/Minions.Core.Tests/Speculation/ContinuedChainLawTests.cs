using Minions.Core.Drafting;
using Minions.Core.Speculation;
using Minions.Core.Speculation.Goodput;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Speculation;

/// <summary>Who goes on behind the vote answers for that alone: nothing that is learnt of drafts and votes depends on it.</summary>
internal sealed class ContinuedChainLawTests
{
    private const int Drafts = 3;

    [Test]
    public void Plans_ratios_and_weights_are_the_same_where_what_is_added_is_wrong([Values] DraftWeighting weighting)
    {
        Journal without = Decode(added: 0, weighting), with = Decode(added: 5, weighting);

        Assert.That(with.Added, Is.GreaterThan(50));
        Assert.That(with.Lines, Is.EqualTo(without.Lines));
        Assert.That(with.Knowledge.Stops, Is.EqualTo(without.Knowledge.Stops));
        Assert.That(with.Knowledge.Cuts, Is.EqualTo(without.Knowledge.Cuts));
        Assert.That(with.Knowledge.Accepted, Is.EqualTo(without.Knowledge.Accepted));
        Assert.That(with.Knowledge.Survival, Is.EqualTo(without.Knowledge.Survival), "where drafts stop");
        Assert.That(with.Knowledge.VoteShare, Is.EqualTo(without.Knowledge.VoteShare));
        Assert.That(with.Knowledge.Agreements, Is.EqualTo(without.Knowledge.Agreements));
        Assert.That(with.Knowledge.Acceptance, Is.Not.EqualTo(without.Knowledge.Acceptance), "what a probability is worth is learnt from all ids");
    }

    [Test]
    public void Counts_of_a_round_keep_the_vote_and_what_was_added_apart()
    {
        RequestPolicy policy = Open(new ScriptedController { Next = new SpeculationPlan(3) { MaxChainLength = 9 } }, DraftWeighting.FullInformation);
        policy.Plan([1, 2, 3], 50, 0, 0);
        for (int draft = 0; draft < Drafts; draft++)
            policy.Propose(draft, Counting(10, draft + 1));
        Assert.That((policy.Vote(new int[3]), policy.Room), Is.EqualTo((3, 6)));
        policy.Extend(1, Counting(13, 4));
        Assert.That(policy.Shorten(), Is.EqualTo(7));
        policy.Observe([10, 11, 12, 13, 14, 99], chainLength: 7, accepted: 5, isLast: false);

        SpeculationRound round = policy.Round;
        Assert.That((round.ProposedLength, round.VotedLength, round.VotedAgreed, round.ChainLength), Is.EqualTo((3, 3, 3, 7)));
        Assert.That(round.Drafts.ToArray().Select(draft => (draft.Proposed, draft.Agreed, draft.Continued, draft.ContinuedAgreed)), Is.EqualTo(new[] { (1, 1, 0, 0), (2, 2, 4, 2), (3, 3, 0, 0) }));
        Assert.That(Enumerable.Range(0, 5).Select(policy.ProposersOf), Is.EqualTo(new[] { 0b111UL, 0b110UL, 0b100UL, 0b010UL, 0b010UL }));
    }

    [Test]
    public void What_the_planner_hears_of_added_ids_is_the_drafts_own_word_and_its_share([Values] bool hadProposed)
    {
        var controller = new Listener();
        RequestPolicy policy = Open(controller, DraftWeighting.FullInformation);
        policy.Plan([1, 2, 3], 50, 0, 0);
        policy.Propose(0, Counting(10, 2, 0.5f));
        policy.Propose(1, hadProposed ? Counting(50, 1, 0.5f) : new Proposal());
        policy.Propose(2, new Proposal());
        policy.Vote(new int[2]);
        policy.Extend(1, Counting(12, 2, 0.8f));
        policy.Shorten();

        // All weights are equal at first.
        Assert.That(controller.Probabilities, Is.EqualTo(new[] { 0.5f, 0.5f, 0.8f, 0.8f }));
        float voted = hadProposed ? 0.5f : 1;
        Assert.That(controller.Support, Is.EqualTo(new[] { voted, voted, 0.5f, 0.5f }));
    }

    [TestCase(3, 0, 16, 50, 3)]
    [TestCase(3, 8, 16, 50, 8)]
    [TestCase(3, 80, 16, 50, 16)]
    [TestCase(3, 80, 16, 7, 6)]
    [TestCase(3, -5, 16, 50, 3)]
    [TestCase(0, 8, 16, 50, 0)]
    public void Plans_are_clipped(int length, int most, int maximum, int remaining, int expected)
    {
        RequestPolicy policy = Open(new ScriptedController { Next = new SpeculationPlan(length) { MaxChainLength = most } }, DraftWeighting.FullInformation, maximum);
        policy.Plan([1, 2, 3], remaining, 0, 0);

        Assert.That(policy.Round.Plan.MaxChainLength, Is.EqualTo(expected));
        Assert.That(policy.Room, Is.Zero, "nothing was voted yet");
    }

    [Test]
    public void The_default_controller_lets_chains_go_as_far_as_requests_may()
    {
        RequestPolicy policy = Open(new GoodputSpeculationLength(), DraftWeighting.FullInformation, maximum: 12);
        policy.Plan([1, 2, 3], 50, 0, 0);
        Assert.That(policy.Round.Plan.MaxChainLength, policy.Round.Plan.Length == 0 ? Is.Zero : Is.EqualTo(12));
    }

    private static Journal Decode(int added, DraftWeighting weighting)
    {
        var controller = new GoodputSpeculationLength();
        var knowledge = new PolicyKnowledge(Drafts, new WeightedMajorityVote(), controller, weighting, runsAllDrafts: false);
        var policy = new RequestPolicy(knowledge, 0, 16, isFixed: false, minRows: 1, 3000);
        int[] text = [.. Enumerable.Range(0, 3000)], chain = new int[64];
        List<string> lines = [];
        int place = 10, all = 0;
        for (int i = 0; i < 300; i++)
        {
            policy.Plan(text.AsSpan(0, place), text.Length - place, 0, 0);
            SpeculationRound round = policy.Round;
            lines.Add($"{round.Plan.Length} {round.Plan.Drafts?.Bits} {round.Plan.Probes.Bits} {round.Plan.MinimumConfidence:R} {string.Join(' ', policy.Weights.ToArray())}");
            for (int draft = 0; draft < Drafts; draft++)
            {
                int length = round.Running.Contains(draft) ? round.Plan.Length : round.Plan.Probes.Contains(draft) ? 1 : 0;
                policy.Propose(draft, Counting(place, length, 0.8f, wrongAt: (place * 7 + draft * 3) % (6 + 2 * draft)));
            }

            int voted = policy.Vote(chain.AsSpan(0, round.ProposedLength));
            int room = Math.Min(added, policy.Room);
            if (room > 0)
                policy.Extend(1, Counting(-100, room, 0.6f));
            policy.Shorten();

            // The allocation of rows is left out, so what was added stays.
            int accepted = chain.AsSpan(0, voted).CommonPrefixLength(text.AsSpan(place));
            all += room;
            (round.DraftTime, round.DraftSteps) = (TimeSpan.FromMilliseconds(round.ProposedLength), round.ProposedLength);
            (round.VerifyTime, round.Rows) = (TimeSpan.FromMilliseconds(20), voted + 1);
            policy.Observe(text.AsSpan(place, accepted + 1), round.ChainLength, accepted, isLast: false);
            place += accepted + 1;
        }

        policy.Complete();
        return new Journal(lines, knowledge.Selection.Export(), all);
    }

    private static RequestPolicy Open(ISpeculationLengthController controller, DraftWeighting weighting, int maximum = 16) =>
        new(new PolicyKnowledge(Drafts, new WeightedMajorityVote(), controller, weighting, runsAllDrafts: true), 0, maximum, isFixed: false, minRows: 2, capacity: 100);

    private static Proposal Counting(int from, int length, float probability = float.NaN, int wrongAt = -1)
    {
        var proposal = new Proposal();
        for (int i = 0; i < length; i++)
            proposal.Add(i == wrongAt ? 100_000 + from : from + i, probability);
        return proposal;
    }

    private sealed record Journal(List<string> Lines, KnowledgeState Knowledge, int Added);

    private sealed class Listener : ISpeculationLengthController, ISpeculationLengthPlanner
    {
        public float[] Probabilities { get; private set; } = [];

        public float[] Support { get; private set; } = [];

        public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => this;

        public SpeculationPlan Plan(in RoundOutlook outlook) => new(2) { MaxChainLength = 8 };

        public int Shorten(in ChainOutlook chain)
        {
            (Probabilities, Support) = (chain.Probabilities.ToArray(), chain.Support.ToArray());
            return chain.Length;
        }

        public void Observe(SpeculationRound round)
        {
        }
    }
}
