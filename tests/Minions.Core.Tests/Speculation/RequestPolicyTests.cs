using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Speculation;

/// <summary>What a request makes of what its controller and its voting policy answer.</summary>
public class RequestPolicyTests
{
    private const int Drafts = 3;

    [Test]
    public void Lengths_are_clipped_to_the_limits_and_to_the_end() => Gen.Select(Gen.Int[-5, 1000], Gen.Int[0, 8], Gen.Int[0, 8], Gen.Int[1, 20]).Sample((length, minimum, more, remaining) =>
    {
        RequestPolicy policy = Open(new ScriptedController { Next = new SpeculationPlan(length) }, minimum, minimum + more);
        policy.Plan([1, 2, 3], remaining, 0, 0);
        int expected = Math.Min(Math.Clamp(length, minimum, minimum + more), remaining - 1);
        Assert.That(policy.Round.Plan.Length, Is.EqualTo(expected));
        Assert.That(policy.Round.Running.IsEmpty, Is.EqualTo(expected == 0));
        Assert.That(policy.Guess is not null && expected > 0, Is.False, "a round that drafts has no row to spare");
    });

    private static readonly TestCaseData[] BadPlans =
    [
        Bad(new SpeculationPlan(3) { MinimumConfidence = float.NaN }, "minimum confidence of NaN"),
        Bad(new SpeculationPlan(3) { MinimumConfidence = 1 }, "minimum confidence of 1"),
        Bad(new SpeculationPlan(3) { MinimumConfidence = -0.1f }, "minimum confidence of -0.1"),
        Bad(new SpeculationPlan(3) { Drafts = new DraftSet(0b1001) }, "drafts that the pipeline does not have"),
        Bad(new SpeculationPlan(3) { Drafts = new DraftSet(1), Probes = new DraftSet(0b1000) }, "drafts that the pipeline does not have"),
        Bad(new SpeculationPlan(3) { TokensToScore = -1 }, "wants -1 ids scored"),
        Bad(new SpeculationPlan(3) { TokensToScore = DraftRequest.MaxTokensToScore + 1 }, "wants 65 ids scored"),
    ];

    [TestCaseSource(nameof(BadPlans))]
    public void A_plan_that_cannot_be_is_refused(SpeculationPlan plan, string message)
    {
        RequestPolicy policy = Open(new ScriptedController { Next = plan });
        Assert.That(() => policy.Plan([1, 2, 3], 50, 0, 0), Throws.InvalidOperationException.With.Message.Contains(message).And.Message.Contains(nameof(ScriptedController)));
    }

    [Test]
    public void A_planner_that_is_null_is_refused() =>
        Assert.That(() => Open(new ScriptedController { OpensNull = true }), Throws.InvalidOperationException.With.Message.Contains("opened null"));

    [Test]
    public void A_length_without_drafts_is_plain_decoding()
    {
        RequestPolicy policy = Open(new ScriptedController { Next = new SpeculationPlan(3) { Drafts = default(DraftSet), Probes = new DraftSet(1) } });
        policy.Plan([1, 2, 3], 50, 0, 0);
        Assert.That((policy.Round.Plan.Length, policy.Round.Running, policy.Round.Plan.Probes), Is.EqualTo((0, default(DraftSet), default(DraftSet))));
    }

    [Test]
    public void Which_drafts_run_is_chosen_where_the_controller_leaves_it_open([Range(1, 4)] int length)
    {
        RequestPolicy policy = Open(new ScriptedController { Next = new SpeculationPlan(length) }, runsAll: false);
        policy.Plan([1, 2, 3], 50, 0, 0);
        Assert.That(policy.Round.Plan.Length, Is.EqualTo(length));
        Assert.That(policy.Round.Running.IsEmpty, Is.False);
    }

    [TestCase(-1, "answered a chain of -1 ids")]
    [TestCase(4, "answered a chain of 4 ids")]
    [TestCase(2, "chose a chain that no draft proposed")]
    public void A_vote_that_cannot_be_is_refused(int length, string message)
    {
        RequestPolicy policy = Drafted(new ScriptedController(), new ScriptedVote((in Ballot _, Span<int> chain) =>
        {
            chain.Fill(99);
            return length;
        }));
        Assert.That(() => policy.Vote(new int[3]), Throws.InvalidOperationException.With.Message.Contains(message).And.Message.Contains(nameof(ScriptedVote)));
    }

    [Test]
    public void What_a_voting_policy_throws_is_its_own() =>
        Assert.That(() => Drafted(new ScriptedController(), new ScriptedVote((in Ballot _, Span<int> _) => throw new NotSupportedException("no vote"))).Vote(new int[3]), Throws.TypeOf<NotSupportedException>());

    [TestCase(-1)]
    [TestCase(4)]
    public void A_chain_that_is_shortened_out_of_its_range_is_refused(int length) =>
        Assert.That(() => Chosen(new ScriptedController { ShortenTo = _ => length }), Throws.InvalidOperationException.With.Message.Contains($"to {length}"));

    // Rows are shared out among several requests: the others must not suffer.
    [Test]
    public void A_price_that_throws_is_kept_for_its_own_request()
    {
        var fault = new NotSupportedException("no price");
        RequestPolicy policy = Drafted(new ScriptedController { Price = (_, _) => throw fault }, new BestDraftVote());
        Assert.That(policy.PriceOfRun(4, 2), Is.Zero);
        Assert.That(policy.Fault, Is.SameAs(fault));
    }

    // Out of range or no number at all: the chain is cut somewhere, and that is all.
    [Test]
    public void Predictions_and_prices_that_lie_cut_within_the_chain() => Gen.Select(Gen.Double.Array[3], Gen.Double).Sample((survival, price) =>
    {
        RequestPolicy policy = Chosen(new ScriptedController { Survival = survival, Price = (rows, _) => price * rows });
        var allocation = new RowAllocation(1);
        allocation.Add(policy, 1, 2);
        allocation.Settle();
        Assert.That(policy.Round.ChainLength, Is.InRange(0, 3));
    });

    [Test]
    public void The_vote_is_taken_once_and_probes_have_no_part_in_it()
    {
        int votes = 0;
        var controller = new ScriptedController { Next = new SpeculationPlan(3) { Drafts = new DraftSet(0b001), Probes = new DraftSet(0b100) } };
        RequestPolicy policy = Drafted(controller, new ScriptedVote((in Ballot ballot, Span<int> chain) =>
        {
            votes++;
            Assert.That(ballot.Proposals.ToArray().Select(proposal => proposal.Count), Is.EqualTo(new[] { 3, 0, 0 }));
            return new BestDraftVote().Vote(ballot, chain);
        }));
        Assert.That(policy.Vote(new int[3]), Is.EqualTo(3));
        policy.Observe([10, 5], chainLength: 3, accepted: 1, isLast: false);
        Assert.That(votes, Is.EqualTo(1));
        DraftRound[] drafts = policy.Round.Drafts.ToArray();
        Assert.That(drafts.Select(draft => (draft.Proposed, draft.Agreed, draft.Evaluated)), Is.EqualTo(new[] { (3, 1, 2), (0, 0, 0), (1, 1, 1) }));
    }

    [Test]
    public void A_wrapped_controller_decides_bit_for_bit_as_the_bare_one([Values] bool scores)
    {
        VirtualText text = VirtualText.Together(VirtualText.Unsure(1, 3000, 0.7), VirtualText.Of(2, 3000, random => random.NextDouble()), VirtualText.Unsure(3, 3000, 0.4));
        VirtualDecoding bare = Decode(new GoodputSpeculationLength());
        VirtualDecoding wrapped = Decode(new NarrowedDrafts(new GoodputSpeculationLength(), drafts => DraftSet.First(drafts)));
        Assert.That(wrapped.Lengths, Is.EqualTo(bare.Lengths));
        Assert.That(wrapped.Sets, Is.EqualTo(bare.Sets));
        Assert.That(wrapped.Seconds, Is.EqualTo(bare.Seconds));

        VirtualDecoding Decode(ISpeculationLengthController controller) =>
            new VirtualDecoding(controller, VirtualMachine.Flat with { CatchUp = 0.05 }, drafts: 3) { DraftsScore = scores }.Run(text);
    }

    private static TestCaseData Bad(SpeculationPlan plan, string message) => new TestCaseData(plan, message).SetArgDisplayNames(message);

    private static RequestPolicy Open(ScriptedController controller, int minimum = 0, int maximum = 16, IVotingPolicy? voting = null, bool runsAll = true) =>
        new(new PolicyKnowledge(Drafts, voting ?? new BestDraftVote(), controller, DraftWeighting.FullInformation, runsAll), minimum, maximum, isFixed: false, minRows: 2, capacity: 100);

    /// <summary>A request whose drafts have proposed what counts on from 10.</summary>
    private static RequestPolicy Drafted(ScriptedController controller, IVotingPolicy voting)
    {
        RequestPolicy policy = Open(controller, voting: voting);
        policy.Plan([1, 2, 3], 50, 0, 0);
        for (int draft = 0; draft < Drafts; draft++)
        {
            var proposal = new Proposal();
            int length = policy.Round.Running.Contains(draft) ? 3 : policy.Round.Plan.Probes.Contains(draft) ? 1 : 0;
            for (int i = 0; i < length; i++)
                proposal.Add(10 + i);
            policy.Propose(draft, proposal);
        }

        return policy;
    }

    private static RequestPolicy Chosen(ScriptedController controller)
    {
        RequestPolicy policy = Drafted(controller, new BestDraftVote());
        policy.Vote(new int[3]);
        policy.Shorten();
        return policy;
    }

    private delegate int Voting(in Ballot ballot, Span<int> chain);

    private sealed class ScriptedVote(Voting vote) : IVotingPolicy
    {
        public int Vote(in Ballot ballot, Span<int> chain) => vote(ballot, chain);
    }
}
