using Minions.Core.Drafting;

namespace Minions.Core.Voting;

/// <summary>Compares proposals with the chain that was chosen: a draft shares the credit for the ids its own proposal begins with.</summary>
internal static class ChainAgreement
{
    /// <summary>Finds, for each proposal, how many ids of the chain it begins with.</summary>
    public static void Compute(ReadOnlySpan<Proposal> proposals, ReadOnlySpan<int> chain, Span<int> agreement)
    {
        for (int i = 0; i < proposals.Length; i++)
            agreement[i] = proposals[i].Tokens.CommonPrefixLength(chain);
    }

    /// <summary>The drafts that agree with the chain at a position, one bit each.</summary>
    public static ulong At(ReadOnlySpan<int> agreement, int position)
    {
        ulong drafts = 0;
        for (int i = 0; i < agreement.Length; i++)
            drafts |= agreement[i] > position ? 1UL << i : 0;
        return drafts;
    }
}
