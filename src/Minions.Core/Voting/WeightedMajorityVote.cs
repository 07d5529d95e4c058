using Minions.Core.Drafting;

namespace Minions.Core.Voting;

/// <summary>
/// The vote of Minions (arXiv 2402.15678, section 4.1): proposals merge into a token tree, a node weighs the sum of the weights of the
/// drafts whose proposal passes through it, and the chain descends from the root to the heaviest child. The result is always the whole
/// proposal of one draft. Of equally heavy children the one wins that the earliest draft proposed.
/// </summary>
public sealed class WeightedMajorityVote : IVotingPolicy
{
    /// <inheritdoc/>
    public int Vote(in Ballot ballot, Span<int> chain)
    {
        ReadOnlySpan<Proposal> proposals = ballot.Proposals;
        Span<bool> onPath = stackalloc bool[proposals.Length];
        onPath.Fill(true);

        int depth = 0;
        while (depth < chain.Length && TryFindHeaviest(ballot, onPath, depth, out int token))
        {
            for (int i = 0; i < proposals.Length; i++)
                onPath[i] = onPath[i] && proposals[i].Count > depth && proposals[i].Tokens[depth] == token;

            chain[depth++] = token;
        }

        return depth;
    }

    // The tree is never built: a node is the set of drafts still on the path, and a child is the subset that agrees on the next id.
    private static bool TryFindHeaviest(in Ballot ballot, ReadOnlySpan<bool> onPath, int depth, out int token)
    {
        ReadOnlySpan<Proposal> proposals = ballot.Proposals;
        double heaviest = double.NegativeInfinity;
        token = -1;
        for (int i = 0; i < proposals.Length; i++)
        {
            if (!onPath[i] || proposals[i].Count <= depth)
                continue;

            int candidate = proposals[i].Tokens[depth];
            double weight = 0;
            for (int j = 0; j < proposals.Length; j++)
            {
                if (onPath[j] && proposals[j].Count > depth && proposals[j].Tokens[depth] == candidate)
                    weight += ballot.Weights[j];
            }

            if (weight > heaviest)
                (heaviest, token) = (weight, candidate);
        }

        return token >= 0;
    }
}
