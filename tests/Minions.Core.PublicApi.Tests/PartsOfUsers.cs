using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.PublicApi.Tests;

/// <summary>A fault of a part, which is told from every other exception by its type.</summary>
internal sealed class PartException() : Exception("the part is broken");

/// <summary>A policy that another one votes for, unless it is told to do something else.</summary>
internal sealed class WrappedPolicy(IVotingPolicy policy) : IVotingPolicy
{
    public delegate int Voting(in Ballot ballot, Span<int> chain);

    /// <summary>What it does in place of the policy, if anything.</summary>
    public Voting? Instead { get; set; }

    public int Vote(in Ballot ballot, Span<int> chain) => Instead is null ? policy.Vote(ballot, chain) : Instead(ballot, chain);
}

/// <summary>A controller that another one plans for, unless it is told to do something else.</summary>
internal sealed class WrappedController(ISpeculationLengthController controller) : ISpeculationLengthController
{
    public Func<ISpeculationLengthPlanner?>? OpenInstead { get; set; }

    public Func<SpeculationPlan>? PlanInstead { get; set; }

    public Func<int, int>? ShortenInstead { get; set; }

    public Func<double>? PriceInstead { get; set; }

    public Action? BeforeObserve { get; set; }

    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) =>
        OpenInstead is null ? new Planner(this, controller.OpenRequest(limits)) : OpenInstead()!;

    private sealed class Planner(WrappedController owner, ISpeculationLengthPlanner planner) : ISpeculationLengthPlanner
    {
        public SpeculationPlan Plan(in RoundOutlook outlook) => owner.PlanInstead?.Invoke() ?? planner.Plan(outlook);

        public int Shorten(in ChainOutlook chain) => owner.ShortenInstead?.Invoke(chain.Length) ?? planner.Shorten(chain);

        public bool TryPredict(in ChainOutlook chain, Span<double> survival) => planner.TryPredict(chain, survival);

        public double PriceOfRun(int rows, int requests) => owner.PriceInstead?.Invoke() ?? planner.PriceOfRun(rows, requests);

        public void Observe(SpeculationRound round)
        {
            owner.BeforeObserve?.Invoke();
            planner.Observe(round);
        }

        public void Complete() => planner.Complete();
    }
}

/// <summary>A draft that counts, unless it is told to do something else.</summary>
internal sealed class WaywardDraft : DelegatingDraftModel
{
    public WaywardDraft()
        : base(Counting.Draft("wayward", 1))
    {
    }

    public Func<IDraftSequence?>? OpenInstead { get; set; }

    public Action<DraftRequest>? ProposeInstead { get; set; }

    public bool RunsAhead { get; init; }

    public bool RunsOnSharedThreads { get; init; }

    public override bool SupportsPreDrafting => RunsAhead;

    public override bool HeedsCancellation => RunsOnSharedThreads;

    public override IDraftSequence OpenSequence(SequenceOptions options) => OpenInstead is null ? base.OpenSequence(options) : OpenInstead()!;

    public override void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        if (ProposeInstead is null)
        {
            base.Propose(batch, cancellationToken);
            return;
        }

        foreach (DraftRequest request in batch)
            ProposeInstead(request);
    }
}
