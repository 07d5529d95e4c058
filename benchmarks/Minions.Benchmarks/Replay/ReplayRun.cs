using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Benchmarks.Replay;

/// <summary>Decodes recorded texts by the library's own policy, one request after the other, in virtual time.</summary>
internal sealed class ReplayRun
{
    // As in bit-identical mode: plain decoding runs a second row, for a guess by the answer so far; the first id of a chain takes it over.
    private const int MinRows = 2;

    private readonly ReplayMachine _machine;
    private readonly int[] _drafts;
    private readonly PolicyKnowledge _knowledge;
    private readonly RowAllocation _allocation = new(1);
    private readonly int[] _chain = new int[Recording.ProposalLength];

    /// <summary>Makes a run, which has learnt nothing yet.</summary>
    /// <param name="rule">The rule to decode by.</param>
    /// <param name="machine">The times.</param>
    /// <param name="drafts">Which of the recorded drafts there are.</param>
    public ReplayRun(ReplayRule rule, ReplayMachine machine, int[] drafts)
    {
        (_machine, _drafts) = (machine, drafts);
        _knowledge = new PolicyKnowledge(drafts.Length, new WeightedMajorityVote(), rule.Create(), DraftWeighting.FullInformation, rule.RunsAllDrafts);
    }

    /// <summary>Undisturbed milliseconds.</summary>
    public double Milliseconds { get; private set; }

    public int Tokens { get; private set; }

    public int Rounds { get; private set; }

    public double TokensPerMillisecond => Tokens / Milliseconds;

    public double TokensPerRound => (double)Tokens / Rounds;

    /// <summary>How far the drafts went in each round, and where in its text the round began.</summary>
    public List<(int Place, int Length)> Lengths { get; } = [];

    /// <summary>Decodes.</summary>
    /// <returns>This, with the counters of these texts alone.</returns>
    public ReplayRun Decode(IEnumerable<RecordedText> texts)
    {
        (Milliseconds, Tokens, Rounds) = (0, 0, 0);
        Lengths.Clear();
        foreach (RecordedText text in texts)
            Decode(text);
        return this;
    }

    private void Decode(RecordedText text)
    {
        // The prompt was not recorded: ids that occur nowhere else stand for it.
        int[] ids = [.. Enumerable.Range(1, text.PromptLength).Select(i => -i), .. text.Ids];
        var policy = new RequestPolicy(_knowledge, 0, Recording.ProposalLength, isFixed: false, MinRows, ids.Length);
        var drafts = new ReplayedDrafts(text, _drafts);
        int place = 1;
        while (place < text.Ids.Length)
            place += DecodeRound(policy, drafts, ids, text.PromptLength, place);
        policy.Complete();
    }

    // Returns the number of ids committed.
    private int DecodeRound(RequestPolicy policy, ReplayedDrafts drafts, int[] ids, int promptLength, int place)
    {
        ReadOnlySpan<int> next = ids.AsSpan(promptLength + place);
        SpeculationRound round = policy.Round;
        policy.Plan(ids.AsSpan(0, promptLength + place), next.Length, 0, 0);
        drafts.Run(policy, place);
        policy.Vote(_chain.AsSpan(0, round.ProposedLength));
        policy.Shorten();
        ShareRows(policy);

        ReadOnlySpan<int> chain = _chain.AsSpan(0, round.ChainLength);
        int accepted = chain.CommonPrefixLength(next);
        int committed = accepted + (policy.Guess == next[0] ? 2 : 1);
        double drafting = _machine.Drafting(round, drafts.Missed);
        double verifying = _machine.Run(chain.Length + 1);
        double disturbance = _machine.NextDisturbance();
        (round.DraftTime, round.DraftSteps) = (Time(drafting * disturbance), round.ProposedLength);
        (round.VerifyTime, round.Rows) = (Time(verifying * disturbance), Math.Max(MinRows, chain.Length + 1));
        policy.Observe(next[..committed], chain.Length, accepted, isLast: committed == next.Length);

        Lengths.Add((place, round.ProposedLength));
        Milliseconds += drafting + verifying;
        Tokens += committed;
        Rounds++;
        return committed;
    }

    private void ShareRows(RequestPolicy policy)
    {
        if (policy.Survival.IsEmpty)
            return;

        _allocation.Clear();
        _allocation.Add(policy, pending: 1, MinRows);
        _allocation.Settle();
    }

    private static TimeSpan Time(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
