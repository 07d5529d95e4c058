using Minions.Core.Drafting;

namespace Minions.Core.Voting;

/// <summary>
/// How well each draft's own proposal met the text of a verified round. What counts is the proposal's agreeing prefix: the ids it begins
/// with that were committed. Behind its first wrong id a draft guessed at another text, so nothing there is held for or against it.
/// </summary>
/// <remarks>One a request, filled anew every round.</remarks>
internal sealed class RoundScore(int drafts)
{
    private readonly int[] _agreed = new int[drafts];
    private readonly int[] _evaluated = new int[drafts];

    /// <summary>For each draft, how many ids of its proposal the committed text begins with.</summary>
    public ReadOnlySpan<int> Agreed => _agreed;

    /// <summary>
    /// For each draft, how many of its ids verification reached: those that agreed, and the first that did not when the committed text goes
    /// that far. 0 for a draft without a proposal.
    /// </summary>
    public ReadOnlySpan<int> Evaluated => _evaluated;

    /// <summary>Fills the scores of a round.</summary>
    /// <param name="proposals">One a draft, empty where it did not run.</param>
    /// <param name="committed">The ids the round added to the text: the target's own choices.</param>
    public void Compute(ReadOnlySpan<Proposal> proposals, ReadOnlySpan<int> committed)
    {
        for (int i = 0; i < proposals.Length; i++)
        {
            ReadOnlySpan<int> proposed = proposals[i].Tokens;
            int agreed = proposed.CommonPrefixLength(committed);
            _agreed[i] = agreed;
            _evaluated[i] = agreed + (agreed < proposed.Length && agreed < committed.Length ? 1 : 0);
        }
    }
}
