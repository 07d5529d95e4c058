using Minions.Core.Drafting.Economy;
using Minions.Core.Voting;

namespace Minions.Core.Pipeline;

/// <summary>What the requests of a pipeline teach those to come. Both parts are safe to use from several threads.</summary>
internal sealed class Learnt(int drafts, int draftThreads)
{
    public WeightPrior Weights { get; } = new(drafts);

    public PanelKnowledge Panels { get; } = new(drafts, draftThreads);
}
