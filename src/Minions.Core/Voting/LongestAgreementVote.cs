using Minions.Core.Drafting;

namespace Minions.Core.Voting;

/// <summary>
/// Caution: the longest beginning that at least two drafts share and no more of it, because what only one draft believes is most often
/// wrong; where all drafts part at the first id, the whole proposal of the heaviest. Of equally long beginnings the one wins whose drafts
/// weigh most together, then the earliest draft's. Short chains suit targets whose cost grows steeply with the rows of a run.
/// </summary>
public sealed class LongestAgreementVote : IVotingPolicy
{
    private static readonly BestDraftVote Heaviest = new();

    /// <inheritdoc/>
    public int Vote(in Ballot ballot, Span<int> chain)
    {
        ReadOnlySpan<Proposal> proposals = ballot.Proposals;
        int longest = 0;
        int chosen = -1;
        double heaviest = 0;
        for (int i = 0; i < proposals.Length; i++)
        {
            int shared = 0;
            for (int j = 0; j < proposals.Length; j++)
                shared = j == i ? shared : Math.Max(shared, proposals[i].Tokens.CommonPrefixLength(proposals[j].Tokens));
            if (shared == 0 || shared < longest)
                continue;

            double weight = WeightOf(ballot, proposals[i].Tokens[..shared]);
            if (shared > longest || weight > heaviest)
                (longest, chosen, heaviest) = (shared, i, weight);
        }

        if (chosen < 0)
            return Heaviest.Vote(ballot, chain);

        proposals[chosen].Tokens[..longest].CopyTo(chain);
        return longest;
    }

    private static double WeightOf(in Ballot ballot, ReadOnlySpan<int> path)
    {
        double sum = 0;
        for (int i = 0; i < ballot.Proposals.Length; i++)
            sum += ballot.Proposals[i].Tokens.StartsWith(path) ? ballot.Weights[i] : 0;
        return sum;
    }
}
