using Minions.Core.Drafting;

namespace Minions.Core.Speculation;

/// <summary>
/// A round of one request: planned, drafted, verified. The pipeline fills it in on its way and hands it to the request's planner in the end; it
/// is reused for the next round, so a planner keeps nothing of it.
/// </summary>
public sealed class SpeculationRound
{
    private readonly DraftRound[] _drafts;

    /// <summary>Makes the round of a request.</summary>
    /// <param name="drafts">The number of drafts.</param>
    public SpeculationRound(int drafts) => _drafts = new DraftRound[drafts];

    /// <summary>The plan, its length and drafts after clipping.</summary>
    public SpeculationPlan Plan { get; set; }

    /// <summary>The drafts that ran for the vote: those planned, without any that failed or pause after a fault; none in a round of length 0.</summary>
    public DraftSet Running { get; set; }

    /// <summary>The drafts that ran beside these for a single id, to be looked at.</summary>
    public DraftSet Probing { get; set; }

    /// <summary>What each draft did, in the pipeline's order.</summary>
    public Span<DraftRound> Drafts => _drafts;

    /// <summary>The number of ids committed before the round.</summary>
    public int ContextLength { get; set; }

    /// <summary>The length of the longest proposal.</summary>
    public int ProposedLength { get; set; }

    /// <summary>The length of the chain that was voted, before the planner shortened it.</summary>
    public int VotedLength { get; set; }

    /// <summary>How many ids of that chain, from its first, were committed.</summary>
    public int VotedAgreed { get; set; }

    /// <summary>
    /// The length of the chain that was verified: shorter than planned when drafts proposed less or the planner cut it, longer than
    /// <see cref="VotedLength"/> where a draft went on behind the vote (<see cref="DraftRound.Continued"/>).
    /// </summary>
    public int ChainLength { get; set; }

    /// <summary>How many ids of the chain, from its first, the target chose too.</summary>
    public int Accepted { get; set; }

    /// <summary>
    /// How many ids the round added to the text: the accepted ones and the target's own, cut at the end of the request. In a round of length 0 it
    /// may be 2, where a second row that the run had anyway checked a guess, and it was right.
    /// </summary>
    public int Committed { get; set; }

    /// <summary>
    /// How long drafting and voting took, shared with the requests that were drafted for together; what was pre-drafted, beside a target run, is
    /// included.
    /// </summary>
    public TimeSpan DraftTime { get; set; }

    /// <summary>The number of requests that were drafted for together, this one included; 1 when alone.</summary>
    public int DraftRequests { get; set; } = 1;

    /// <summary>The length of the longest proposal among those requests.</summary>
    public int DraftSteps { get; set; }

    /// <summary>How long the target run took, shared with the requests in the same run.</summary>
    public TimeSpan VerifyTime { get; set; }

    /// <summary>The number of rows in the target run, fillers included, of all requests together.</summary>
    public int Rows { get; set; }

    /// <summary>The number of requests in the target run.</summary>
    public int Requests { get; set; } = 1;

    /// <summary>Whether the text ended in this round, so that nothing is known of what stood behind its last id.</summary>
    public bool IsLast { get; set; }

    /// <summary>The ids of the verified chain that the vote chose.</summary>
    internal int VotedChain => Math.Min(ChainLength, VotedLength);

    /// <summary>How many of these the target chose too.</summary>
    internal int VotedAccepted => Math.Min(Accepted, VotedLength);

    /// <summary>The drafts that ran, probes included.</summary>
    internal ulong Ran => Running.Union(Probing).Bits;

    /// <summary>The most ids that a draft had to catch up on beyond what the round before committed.</summary>
    internal int MissedTokens
    {
        get
        {
            int missed = 0;
            for (int i = 0; i < _drafts.Length; i++)
                missed = Math.Max(missed, (Ran >> i & 1) != 0 ? _drafts[i].NewTokens - Plan.Length - 1 : 0);
            return missed;
        }
    }

    /// <summary>Leaves out a draft that did not answer.</summary>
    internal void Leave(int draft)
    {
        var one = new DraftSet(1UL << draft);
        (Running, Probing) = (Running.Except(one), Probing.Except(one));
    }

    /// <summary>Starts over.</summary>
    internal void Begin(in SpeculationPlan plan, int contextLength)
    {
        (Plan, ContextLength) = (plan, contextLength);
        Running = plan.Length == 0 ? default : plan.Drafts ?? default;
        Probing = plan.Length == 0 ? default : plan.Probes;
        ProposedLength = VotedLength = VotedAgreed = ChainLength = Accepted = Committed = DraftSteps = Rows = 0;
        DraftRequests = Requests = 1;
        DraftTime = VerifyTime = TimeSpan.Zero;
        IsLast = false;
        Array.Clear(_drafts);
    }
}

/// <summary>What one draft did in a round.</summary>
public struct DraftRound
{
    /// <summary>The ids it proposed; 0 when it did not run or failed.</summary>
    public int Proposed { get; set; }

    /// <summary>How many of them, from the first, were committed.</summary>
    public int Agreed { get; set; }

    /// <summary>
    /// How many of them verification reached: those that were committed, and the first that was not where the text goes that far.
    /// </summary>
    public int Evaluated { get; set; }

    /// <summary>The ids of the verified chain that it, and no other, added behind the vote; they are in none of the counts above.</summary>
    public int Continued { get; set; }

    /// <summary>How many of these, from the first, the target chose too.</summary>
    public int ContinuedAgreed { get; set; }

    /// <summary>How long it ran; zero when it did not.</summary>
    public TimeSpan Time { get; set; }

    /// <summary>How many of the committed ids before the round were new to it, so that it had to catch up on them.</summary>
    public int NewTokens { get; set; }

    /// <summary>How many ids at the end of the context it scored while it caught up, see <see cref="Drafting.DraftRequest"/>.</summary>
    public int Scored { get; set; }

    /// <summary>Which of those it would have chosen itself: one bit each, the lowest for the first.</summary>
    public ulong ScoredAgreements { get; set; }
}
