using Minions.Core.Drafting;

namespace Minions.Core.Voting;

/// <summary>
/// The vote of Minions (arXiv 2402.15678, section 4.1): proposals merge into a token tree, a node weighs the sum of the votes of the
/// drafts whose proposal passes through it, and the chain descends from the root to the heaviest child. The result is always the whole
/// proposal of one draft. Of equally heavy children the one wins that the earliest draft proposed.
/// </summary>
/// <remarks>
/// In the paper a draft's vote is its weight. Here it is by default its weight times the square root of its own probability of the path down
/// to the node: a draft far from its own kind of text is unsure, and speaks softly before its weight could have learnt.
/// </remarks>
public sealed class WeightedMajorityVote : IVotingPolicy
{
    /// <summary>
    /// Whether a draft's vote counts by its own probability of its path, as by default, or by its weight alone, as in the paper. An id
    /// without a probability counts as one of 0.5.
    /// </summary>
    public bool UseConfidence { get; init; } = true;

    /// <inheritdoc/>
    public int Vote(in Ballot ballot, Span<int> chain)
    {
        ReadOnlySpan<Proposal> proposals = ballot.Proposals;

        // The tree is never built: a node is the set of drafts still on the path, those whose vote is above 0.
        Span<double> votes = stackalloc double[proposals.Length];
        ballot.Weights.CopyTo(votes);

        int depth = 0;
        while (depth < chain.Length && TryFindHeaviest(proposals, votes, depth, out int token))
        {
            for (int i = 0; i < proposals.Length; i++)
            {
                if (proposals[i].Count <= depth || proposals[i].Tokens[depth] != token)
                    votes[i] = 0;
            }

            chain[depth++] = token;
        }

        return depth;
    }

    private bool TryFindHeaviest(ReadOnlySpan<Proposal> proposals, Span<double> votes, int depth, out int token)
    {
        for (int i = 0; i < proposals.Length; i++)
        {
            if (proposals[i].Count <= depth)
                votes[i] = 0;
            else if (UseConfidence)
                votes[i] *= PathConfidence.Of(proposals[i], depth);
        }

        double heaviest = 0;
        token = -1;
        for (int i = 0; i < proposals.Length; i++)
        {
            if (!(votes[i] > 0))
                continue;

            int candidate = proposals[i].Tokens[depth];
            double weight = 0;
            for (int j = 0; j < proposals.Length; j++)
            {
                if (votes[j] > 0 && proposals[j].Tokens[depth] == candidate)
                    weight += votes[j];
            }

            if (weight > heaviest)
                (heaviest, token) = (weight, candidate);
        }

        return token >= 0;
    }
}
