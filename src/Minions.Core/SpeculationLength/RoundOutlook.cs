namespace Minions.Core.SpeculationLength;

/// <summary>What a controller knows before a round.</summary>
/// <param name="ContextLength">The number of ids committed so far, prompt included.</param>
/// <param name="Remaining">The number of ids the request may still commit, at least 1.</param>
/// <param name="Drafts">The number of drafts that would run.</param>
/// <param name="OtherRows">The rows that other requests are expected to put into the same target run; 0 when alone.</param>
/// <param name="OtherSlots">The number of other requests in the same target run; 0 when alone.</param>
/// <param name="DraftSet">
/// Which drafts would run, one bit each in the pipeline's order, since some are dearer than others; 0, the default, when only their number
/// is known.
/// </param>
/// <param name="LeastRows">
/// The fewest rows that a run takes for this request, at least 1: 2 in bit-identical mode, where plain decoding fills up with a second row and a
/// chain of one id so costs no row more.
/// </param>
/// <param name="DraftBatch">
/// The most requests that the drafts run for together, this one included; 0, the default, when only those of the target run are known.
/// </param>
/// <param name="PlainTokens">
/// The ids that a round of length 0 is expected to add: 1, the default, and in bit-identical mode up to 2, since the second row that its run
/// has anyway checks a guess, what followed the place before in the text that ended as the text does now.
/// </param>
/// <param name="WishedLength">
/// The least length that would show which of the drafts suit this text best, while that is open: 0, the default, when it is not. A wish that a
/// controller may leave unheard.
/// </param>
public readonly record struct RoundOutlook(int ContextLength, int Remaining, int Drafts, int OtherRows = 0, int OtherSlots = 0, ulong DraftSet = 0, int LeastRows = 1, int DraftBatch = 0, double PlainTokens = 1, int WishedLength = 0)
{
    internal ulong AnyDraftSet => DraftSet != 0 ? DraftSet : Drafting.DraftSet.First(Math.Clamp(Drafts, 0, 64));
}
