using System.Numerics;
using Minions.Core.Voting;

namespace Minions.Core.Drafting.Economy;

/// <summary>
/// Asks the voting policy what smaller panels would have chosen and compares that with the committed text. The committed ids reach one id
/// behind the accepted ones, so a smaller panel that would have done much better is seen to do somewhat better: enough to decide by.
/// </summary>
internal sealed class PanelPoll(IVotingPolicy policy, int drafts)
{
    // What polling may cost a round does not grow with the panel: of many drafts some are polled in turn.
    private const int MostPolled = 8;

    private static readonly Proposal Nothing = new();

    private readonly Proposal[] _ballot = new Proposal[drafts];
    private int[] _chain = new int[16];
    private int _next;

    /// <summary>Fills in what the round's panel and smaller ones had or would have had accepted.</summary>
    /// <param name="proposals">The round's proposals.</param>
    /// <param name="weights">The weights they were voted with.</param>
    /// <param name="committed">The ids the round added to the text.</param>
    /// <param name="round">Receives the outcome; its running drafts are set already.</param>
    public void Take(ReadOnlySpan<Proposal> proposals, ReadOnlySpan<double> weights, ReadOnlySpan<int> committed, PanelRound round)
    {
        proposals.CopyTo(_ballot);
        round.Accepted = Vote(weights, committed);
        round.Polled = 0;
        int size = BitOperations.PopCount(round.Running);
        for (int polled = Math.Min(size, MostPolled); polled > 0; polled--)
        {
            int draft = NextOf(round.Running);
            round.Polled |= 1UL << draft;
            _ballot[draft] = Nothing;
            round.Without[draft] = size == 1 ? 0 : Vote(weights, committed);

            Array.Fill(_ballot, Nothing);
            _ballot[draft] = proposals[draft];
            round.Alone[draft] = size == 1 ? round.Accepted : Vote(weights, committed);
            proposals.CopyTo(_ballot);
        }

        Array.Fill(_ballot, Nothing);
    }

    private int NextOf(ulong running)
    {
        do
            _next = (_next + 1) % _ballot.Length;
        while (!DraftSet.Has(running, _next));
        return _next;
    }

    private int Vote(ReadOnlySpan<double> weights, ReadOnlySpan<int> committed)
    {
        int longest = 0;
        foreach (Proposal proposal in _ballot)
            longest = Math.Max(longest, proposal.Count);
        if (longest == 0)
            return 0;
        if (longest > _chain.Length)
            _chain = new int[longest];

        Span<int> chain = _chain.AsSpan(0, longest);
        int length = policy.Vote(new Ballot(_ballot, weights), chain);
        return committed.CommonPrefixLength(chain[..Math.Clamp(length, 0, longest)]);
    }
}
