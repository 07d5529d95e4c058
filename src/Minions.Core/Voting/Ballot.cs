using Minions.Core.Drafting;

namespace Minions.Core.Voting;

/// <summary>What a voting policy sees of one round: every proposal with the weight of its draft.</summary>
public readonly ref struct Ballot
{
    /// <summary>Makes a ballot.</summary>
    /// <param name="proposals">One proposal a draft, in the drafts' order; drafts that did not run have an empty one.</param>
    /// <param name="weights">One weight a draft, each above 0; only ratios count.</param>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public Ballot(ReadOnlySpan<Proposal> proposals, ReadOnlySpan<double> weights)
    {
        if (proposals.Length != weights.Length)
            throw new ArgumentException($"There are {proposals.Length} proposals but {weights.Length} weights.", nameof(weights));

        Proposals = proposals;
        Weights = weights;
    }

    /// <summary>One proposal a draft, in the drafts' order; a draft that did not run has an empty one.</summary>
    public ReadOnlySpan<Proposal> Proposals { get; }

    /// <summary>The weight of each draft, above 0; only ratios count.</summary>
    public ReadOnlySpan<double> Weights { get; }
}
