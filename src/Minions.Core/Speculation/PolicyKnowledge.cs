using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Speculation.Goodput;
using Minions.Core.Voting;

namespace Minions.Core.Speculation;

/// <summary>What the requests of a pipeline decide by: its policies, and what those to come learn from those before. Safe to use from several threads.</summary>
internal sealed class PolicyKnowledge
{
    public PolicyKnowledge(int drafts, IVotingPolicy voting, ISpeculationLengthController controller, DraftWeighting weighting, bool runsAllDrafts, int draftBatchSize = 0)
    {
        (Drafts, Voting, Controller, Weighting, RunsAllDrafts, DraftBatchSize) = (drafts, voting, controller, weighting, runsAllDrafts, draftBatchSize);
        Weights = new WeightPrior(drafts);

        // For controllers that leave it to the pipeline which drafts run.
        Selection = (controller as GoodputSpeculationLength ?? new GoodputSpeculationLength()).Knowledge(drafts);
    }

    public int Drafts { get; }

    public IVotingPolicy Voting { get; }

    public ISpeculationLengthController Controller { get; }

    public DraftWeighting Weighting { get; }

    /// <summary>Whether every draft runs in every round that drafts.</summary>
    public bool RunsAllDrafts { get; }

    /// <summary>The most requests that the drafts run for together; 0 for any number.</summary>
    public int DraftBatchSize { get; }

    /// <summary>For each draft what is known beforehand, see <see cref="IDraftModel.ExpectedAgreement"/>.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? ExpectedAgreement { get; init; }

    /// <summary>The drafts that run beside others whenever any runs, see <see cref="IDraftModel.IsFree"/>.</summary>
    public DraftSet FreeDrafts { get; init; }

    /// <summary>The drafts that read the target's states.</summary>
    public DraftSet Heads { get; init; }

    public WeightPrior Weights { get; }

    /// <summary>How often ids are guessed right that cost no row.</summary>
    public SharedHitRates Guesses { get; } = new(PaddingRowGuess.PriorStrength);

    public SpeculationKnowledge Selection { get; }

    public SpeculationLimits Limits(int minimum, int maximum) =>
        new() { Minimum = minimum, Maximum = maximum, Drafts = Drafts, DraftBatchSize = DraftBatchSize, RunsAllDrafts = RunsAllDrafts, ExpectedAgreement = ExpectedAgreement, FreeDrafts = FreeDrafts, Heads = Heads };

    public IDraftWeights OpenWeights() => Weighting == DraftWeighting.RewardPenalty ? new RewardPenaltyWeights(Drafts) : new FullInformationWeights(Drafts, Weights);
}
