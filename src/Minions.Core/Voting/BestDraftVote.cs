using Minions.Core.Drafting;

namespace Minions.Core.Voting;

/// <summary>
/// No vote at all: the proposal of the draft with the greatest weight among those that proposed something; of equals the earliest draft's.
/// The weights still learn, so it follows whichever draft is best for the text at hand.
/// </summary>
public sealed class BestDraftVote : IVotingPolicy
{
    /// <inheritdoc/>
    public int Vote(in Ballot ballot, Span<int> chain)
    {
        int best = -1;
        for (int i = 0; i < ballot.Proposals.Length; i++)
        {
            if (ballot.Proposals[i].Count > 0 && (best < 0 || ballot.Weights[i] > ballot.Weights[best]))
                best = i;
        }

        if (best < 0)
            return 0;

        Proposal proposal = ballot.Proposals[best];
        proposal.Tokens.CopyTo(chain);
        return proposal.Count;
    }
}
