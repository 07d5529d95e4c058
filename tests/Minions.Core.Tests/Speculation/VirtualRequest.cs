using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation;

/// <summary>A part of a virtual text that is decoded as one request, round by round, under the policy that the pipeline uses.</summary>
internal sealed class VirtualRequest
{
    private const int Prompt = 50;

    private readonly VirtualText _text;
    private readonly bool _draftsScore;
    private readonly int _end;
    private readonly int _minRows;
    private readonly int[] _ids;
    private readonly int[] _chain = new int[GenerationOptions.MaximumSpeculationLength];
    private readonly Proposal[] _proposals;
    private readonly int[] _seen;

    /// <summary>Opens a request.</summary>
    /// <param name="knowledge">What requests share.</param>
    /// <param name="text">The text.</param>
    /// <param name="start">Where in the text it begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="minRows">The fewest rows that a run takes for it.</param>
    /// <param name="draftsScore">Whether drafts tell what they would have chosen where they did not run.</param>
    public VirtualRequest(PolicyKnowledge knowledge, VirtualText text, int start, int end, int minRows, bool draftsScore)
    {
        (_text, _end, _minRows, _draftsScore, Start, Position) = (text, end, minRows, draftsScore, start, start);

        // No id stands twice in it, so that nothing can be guessed from the text itself.
        _ids = [.. Enumerable.Range(0, Prompt).Select(id => int.MaxValue - id), .. Enumerable.Range(start, end - start)];
        _proposals = [.. text.Drafts.Select(_ => new Proposal())];
        _seen = new int[text.Drafts.Count];
        Policy = new RequestPolicy(knowledge, 0, 16, isFixed: false, minRows, _ids.Length);
    }

    public RequestPolicy Policy { get; }

    public SpeculationRound Round => Policy.Round;

    /// <summary>The drafts that ran when there were any the last time.</summary>
    public DraftSet LastRan { get; private set; }

    /// <summary>Where in the text it began.</summary>
    public int Start { get; }

    /// <summary>Where in the text it stands.</summary>
    public int Position { get; private set; }

    public int Remaining => _end - Position;

    /// <summary>The drafts that run in the round at hand.</summary>
    public DraftSet Running => Round.Running.Union(Round.Plan.Probes);

    /// <summary>The rows of its last run.</summary>
    public int Rows { get; private set; } = 2;

    /// <summary>The ids that a draft takes in beyond those that a round adds.</summary>
    public int MissedBy(int draft) => Running.Contains(draft) ? Math.Max(0, Round.Drafts[draft].NewTokens - Round.Plan.Length - 1) : 0;

    public void Plan(int otherRows, int otherRequests) =>
        Policy.Plan(Committed, Remaining, otherRows, otherRequests);

    /// <summary>Has the drafts run that are planned to, and the policy vote.</summary>
    public void Draft()
    {
        for (int i = 0; i < _proposals.Length; i++)
        {
            _proposals[i].Clear();
            if (Running.Contains(i))
                Draft(i);
            Policy.Propose(i, _proposals[i]);
        }

        LastRan = Running.IsEmpty ? LastRan : Running;
        if (Round.Plan.Length > 0)
        {
            Policy.Vote(_chain.AsSpan(0, Round.ProposedLength));
            Policy.Shorten();
        }
    }

    /// <summary>Takes part in the sharing of rows.</summary>
    public void ShareRows(RowAllocation allocation)
    {
        if (Policy.Survival.IsEmpty)
            allocation.Add(RowsNow);
        else
            allocation.Add(Policy, 1, _minRows);
    }

    /// <summary>Fixes the rows, once they are shared out.</summary>
    public void TakeRows() => Rows = RowsNow;

    /// <summary>Commits what the target says to the chain. The costs of the round have been filled in.</summary>
    public void Commit()
    {
        int accepted = 0;
        while (accepted < Round.ChainLength && _chain[accepted] == Position + accepted)
            accepted++;

        int committed = Math.Min(accepted + 1, Remaining);
        ReadOnlySpan<int> ids = _ids.AsSpan(Committed.Length, committed);
        Position += committed;
        Policy.Observe(ids, Round.ChainLength, accepted, isLast: Remaining == 0);
        if (Remaining == 0)
            Policy.Complete();
    }

    private ReadOnlySpan<int> Committed => _ids.AsSpan(0, Prompt + Position - Start);

    private int RowsNow => Math.Max(_minRows, Round.ChainLength + 1);

    private void Draft(int draft)
    {
        VirtualGuesses guesses = _text.Drafts[draft];
        SpeculationPlan plan = Round.Plan;
        int length = Round.Running.Contains(draft) ? plan.Length : 1;
        float confidence = 1;

        // Behind a wrong id it goes on with wrong ones: nobody looks at them.
        bool isRight = true;
        for (int i = 0; i < length && !(confidence < plan.MinimumConfidence); i++)
        {
            int place = Position + i;
            isRight &= guesses.IsRight[place];
            _proposals[draft].Add(isRight ? place : guesses.WrongAt(place), guesses.Probabilities[place]);
            confidence *= guesses.Probabilities[place];
        }

        ref DraftRound record = ref Round.Drafts[draft];
        record.NewTokens = Committed.Length - _seen[draft];
        _seen[draft] = Committed.Length;
        if (!_draftsScore)
            return;

        record.Scored = Math.Min(plan.TokensToScore, record.NewTokens);
        for (int i = 0; i < record.Scored; i++)
            record.ScoredAgreements |= guesses.IsRight[Position - record.Scored + i] ? 1UL << i : 0;
    }
}
