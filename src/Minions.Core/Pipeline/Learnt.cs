using Minions.Core.Drafting.Ahead;
using Minions.Core.Drafting.Economy;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Voting;

namespace Minions.Core.Pipeline;

/// <summary>What the requests of a pipeline teach those to come. All parts are safe to use from several threads.</summary>
internal sealed class Learnt(int drafts, int draftThreads, AheadTrials? ahead)
{
    /// <summary>How many drafts run at once.</summary>
    public int DraftThreads => draftThreads;

    public WeightPrior Weights { get; } = new(drafts);

    public PanelKnowledge Panels { get; } = new(drafts, draftThreads);

    /// <summary>How often ids are guessed right that cost no row.</summary>
    public SharedHitRates Guesses { get; } = new(FillerGuess.PriorStrength);

    /// <summary>Whether it pays to draft ahead, or <see langword="null"/> when it is not to be done.</summary>
    public AheadTrials? Ahead => ahead;
}
