using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.PublicApi.Tests;

/// <summary>
/// A policy or controller of a user's own that is at fault ends the request that it was asked for, a draft not even that; afterwards the
/// pipeline works as before.
/// </summary>
internal sealed class FaultyPartsTests
{
    private static readonly int[] Expected = [.. Enumerable.Range(6, 20)];
    private static readonly GenerationOptions Twenty = new() { MaxOutputTokens = 20 };

    private static readonly TestCaseData[] Policies =
    [
        Policy((in Ballot _, Span<int> _) => throw new PartException(), typeof(PartException), "the part is broken").SetArgDisplayNames("throws"),
        Policy((in Ballot _, Span<int> _) => -1, typeof(InvalidOperationException), "WrappedPolicy answered a chain of -1 ids").SetArgDisplayNames("below"),
        Policy((in Ballot _, Span<int> chain) => chain.Length + 1, typeof(InvalidOperationException), "WrappedPolicy answered a chain of 4 ids").SetArgDisplayNames("above"),
        Policy(Invent, typeof(InvalidOperationException), "WrappedPolicy chose a chain that no draft proposed").SetArgDisplayNames("invents"),
    ];

    private static readonly TestCaseData[] Controllers =
    [
        Controller(part => part.OpenInstead = () => throw new PartException(), typeof(PartException), "").SetArgDisplayNames("open throws"),
        Controller(part => part.OpenInstead = () => null, typeof(InvalidOperationException), "WrappedController opened null").SetArgDisplayNames("open null"),
        Controller(part => part.PlanInstead = () => throw new PartException(), typeof(PartException), "").SetArgDisplayNames("plan throws"),
        Controller(part => part.PlanInstead = () => new SpeculationPlan(3) { MinimumConfidence = float.NaN }, typeof(InvalidOperationException), "minimum confidence of NaN").SetArgDisplayNames("confidence NaN"),
        Controller(part => part.PlanInstead = () => new SpeculationPlan(3) { MinimumConfidence = 1 }, typeof(InvalidOperationException), "minimum confidence of 1").SetArgDisplayNames("confidence 1"),
        Controller(part => part.ShortenInstead = _ => throw new PartException(), typeof(PartException), "").SetArgDisplayNames("shorten throws"),
        Controller(part => part.ShortenInstead = _ => -1, typeof(InvalidOperationException), "shortened a chain of 3 ids to -1").SetArgDisplayNames("shorten below"),
        Controller(part => part.ShortenInstead = length => length + 1, typeof(InvalidOperationException), "shortened a chain of 3 ids to 4").SetArgDisplayNames("shorten above"),
        Controller(part => part.BeforeObserve = () => throw new PartException(), typeof(PartException), "").SetArgDisplayNames("observe throws"),
    ];

    private static readonly DraftFault[] Drafts =
    [
        new("open throws", part => part.OpenInstead = () => throw new PartException()),
        new("open null", part => part.OpenInstead = () => null),
        new("propose throws", part => part.ProposeInstead = _ => throw new PartException()),
        new("fails", part => part.ProposeInstead = request => request.Fail(new PartException())),
        new("probability below 0", part => part.ProposeInstead = request => Propose(request, probability: -0.5f)),
        new("probability above 1", part => part.ProposeInstead = request => Propose(request, probability: 1.5f)),
        new("probability infinite", part => part.ProposeInstead = request => Propose(request, float.PositiveInfinity)),
    ];

    [TestCaseSource(nameof(Policies))]
    public async Task A_policy_at_fault_ends_one_request(WrappedPolicy.Voting vote, Type exception, string message)
    {
        var policy = new WrappedPolicy(new WeightedMajorityVote());
        await using SpeculativePipeline pipeline = Open(policy, new FixedSpeculationLength(3), Counting.Draft("right", 1));
        policy.Instead = vote;
        Assert.That(() => pipeline.GenerateAsync([5], Twenty), Throws.TypeOf(exception).With.Message.Contains(message));
        policy.Instead = null;

        Assert.That((await pipeline.GenerateAsync([5], Twenty)).TokenIds, Is.EqualTo(Expected));
    }

    [TestCaseSource(nameof(Controllers))]
    public async Task A_controller_at_fault_ends_one_request(Action<WrappedController> spoil, Type exception, string message)
    {
        var controller = new WrappedController(new FixedSpeculationLength(3));
        await using SpeculativePipeline pipeline = Open(new WeightedMajorityVote(), controller, Counting.Draft("right", 1));
        spoil(controller);
        Assert.That(() => pipeline.GenerateAsync([5], Twenty), Throws.TypeOf(exception).With.Message.Contains(message));
        (controller.OpenInstead, controller.PlanInstead, controller.ShortenInstead, controller.BeforeObserve) = (null, null, null, null);

        Assert.That((await pipeline.GenerateAsync([5], Twenty)).TokenIds, Is.EqualTo(Expected));
    }

    [TestCase(-5)]
    [TestCase(1000)]
    public async Task A_length_out_of_range_is_clipped(int length)
    {
        var controller = new WrappedController(new FixedSpeculationLength(3)) { PlanInstead = () => new SpeculationPlan(length) };
        await using SpeculativePipeline pipeline = Open(new WeightedMajorityVote(), controller, Counting.Draft("right", 1));

        Assert.That((await pipeline.GenerateAsync([5], Twenty)).TokenIds, Is.EqualTo(Expected));
    }

    [Test]
    public async Task A_draft_at_fault_is_left_out([ValueSource(nameof(Drafts))] DraftFault fault, [Values] bool runsAhead, [Values] bool runsOnSharedThreads)
    {
        var draft = new WaywardDraft { RunsAhead = runsAhead, RunsOnSharedThreads = runsOnSharedThreads };
        await using SpeculativePipeline pipeline = Open(new WeightedMajorityVote(), new FixedSpeculationLength(3), draft);
        fault.Spoil(draft);
        GenerationResult result = await pipeline.GenerateAsync([5], Twenty);
        Assert.That(result.TokenIds, Is.EqualTo(Expected));
        Assert.That(result.Statistics.Drafts[0].Faults, Is.Positive);
        (draft.OpenInstead, draft.ProposeInstead) = (null, null);

        result = await pipeline.GenerateAsync([5], Twenty);
        Assert.That(result.TokenIds, Is.EqualTo(Expected));
        Assert.That((result.Statistics.Drafts[0].Faults, result.Statistics.AcceptedTokens > 0), Is.EqualTo((0, true)));
    }

    [Test]
    public async Task More_ids_than_asked_for_and_ids_of_no_vocabulary_are_cut_off([Values] bool runsAhead)
    {
        var draft = new WaywardDraft { RunsAhead = runsAhead };
        await using SpeculativePipeline pipeline = Open(new WeightedMajorityVote(), new FixedSpeculationLength(3), draft);
        draft.ProposeInstead = request =>
        {
            for (int i = 0; i < 200; i++)
                request.Proposal.Add(request.Context.Span[^1] + 1 + i);
        };
        GenerationResult result = await pipeline.GenerateAsync([5], Twenty);

        Assert.That(result.TokenIds, Is.EqualTo(Expected));
        Assert.That((result.Statistics.Drafts[0].Faults, result.Statistics.AcceptedTokens > 0), Is.EqualTo((0, true)));
    }

    [Test]
    public async Task A_draft_whose_kept_sequence_cannot_be_reopened_opens_another()
    {
        int opened = 0;
        var draft = new WaywardDraft { OpenInstead = () => new StubbornSequence(++opened), ProposeInstead = Count };
        var components = new PipelineComponents { Target = new ReusingTarget(), Drafts = [draft], LengthController = new FixedSpeculationLength(3) };
        await using var pipeline = new SpeculativePipeline(components, new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });
        int[] prompt = [.. Enumerable.Range(1, 12)];
        for (int request = 0; request < 2; request++)
        {
            GenerationResult result = await pipeline.GenerateAsync(prompt, Twenty);
            Assert.That(result.TokenIds, Is.EqualTo(Enumerable.Range(13, 20)));
            Assert.That(result.Statistics.AcceptedTokens, Is.Positive);
        }

        Assert.That(opened, Is.EqualTo(2));

        static void Count(DraftRequest request)
        {
            for (int i = 1; i <= request.Length; i++)
                request.Proposal.Add(request.Context.Span[^1] + i);
        }
    }

    [Test]
    public async Task Wrapped_policies_and_controllers_decide_as_the_wrapped_ones_do()
    {
        await using SpeculativePipeline bare = Open(new WeightedMajorityVote(), new FixedSpeculationLength(3), Counting.Draft("right", 1), Counting.Draft("wrong", 2));
        await using SpeculativePipeline wrapped = Open(
            new WrappedPolicy(new WeightedMajorityVote()), new WrappedController(new FixedSpeculationLength(3)), Counting.Draft("right", 1), Counting.Draft("wrong", 2));
        GenerationResult expected = await bare.GenerateAsync([5], Twenty);
        GenerationResult result = await wrapped.GenerateAsync([5], Twenty);

        Assert.That(result.TokenIds, Is.EqualTo(expected.TokenIds));
        Assert.That((result.Statistics.Rounds, result.Statistics.AcceptedTokens), Is.EqualTo((expected.Statistics.Rounds, expected.Statistics.AcceptedTokens)));
    }

    private static SpeculativePipeline Open(IVotingPolicy policy, ISpeculationLengthController controller, params IDraftModel[] drafts) => new(
        new PipelineComponents { Target = Counting.Target(), Drafts = drafts, VotingPolicy = policy, LengthController = controller },
        new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All }, PreDraft = true });

    private static TestCaseData Policy(WrappedPolicy.Voting vote, Type exception, string message) => new(vote, exception, message);

    private static TestCaseData Controller(Action<WrappedController> spoil, Type exception, string message) => new(spoil, exception, message);

    private static int Invent(in Ballot ballot, Span<int> chain)
    {
        chain[0] = ballot.Proposals[0].Tokens[0] + 1;
        return 1;
    }

    private static void Propose(DraftRequest request, float probability)
    {
        for (int i = 1; i <= request.Length; i++)
            request.Proposal.Add((request.Context.Span[^1] + i) % Counting.Vocabulary, probability);
    }

    internal sealed record DraftFault(string Name, Action<WaywardDraft> Spoil)
    {
        public override string ToString() => Name;
    }

    private sealed class StubbornSequence(int number) : IDraftSequence, IReusableSequence
    {
        public int Number => number;

        public void Reopen(SequenceOptions options) => throw new PartException();

        public void Dispose()
        {
        }
    }

    private sealed class ReusingTarget() : DelegatingTargetVerifier(Counting.Target())
    {
        public override ITargetSequence OpenSequence(SequenceOptions options) => new Sequence();

        private sealed class Sequence : ITargetSequence, IReusableSequence
        {
            public void Reopen(SequenceOptions options)
            {
            }

            public void Dispose()
            {
            }
        }
    }
}
