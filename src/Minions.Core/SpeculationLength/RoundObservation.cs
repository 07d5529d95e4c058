namespace Minions.Core.SpeculationLength;

/// <summary>What a round proposed, gained and cost.</summary>
/// <param name="PlannedLength">The length the controller planned, after clipping.</param>
/// <param name="ChainLength">The length of the chain that was verified; may be shorter, when drafts proposed less or the planner cut it.</param>
/// <param name="Accepted">How many ids of the chain, from its first, the target chose too.</param>
/// <param name="Committed">
/// How many ids the round added to the text: the accepted ones and the target's own, cut at the end of the request. In a round of length 0 it
/// may be 2, where a second row that the run had anyway checked a guess, and it was right.
/// </param>
/// <param name="DraftTime">
/// How long drafting and voting took, shared with the requests that were drafted for together; what was done ahead, beside a target run, is
/// included.
/// </param>
/// <param name="VerifyTime">How long the target run took, shared with the requests in the same run.</param>
/// <param name="Rows">The number of rows in the target run, fillers included, of all requests together.</param>
/// <param name="Slots">The number of requests in the target run.</param>
/// <param name="ContextLength">The number of ids committed before the round.</param>
/// <param name="ProposedLength">The length of the longest proposal; 0, the default, where only the chain is known.</param>
/// <param name="DraftSlots">The number of requests that were drafted for together, this one included; 1, the default, when alone.</param>
/// <param name="DraftSteps">The length of the longest proposal among those requests; 0, the default, where only this one's is known.</param>
public readonly record struct RoundObservation(
    int PlannedLength,
    int ChainLength,
    int Accepted,
    int Committed,
    TimeSpan DraftTime,
    TimeSpan VerifyTime,
    int Rows,
    int Slots,
    int ContextLength,
    int ProposedLength = 0,
    int DraftSlots = 1,
    int DraftSteps = 0);
