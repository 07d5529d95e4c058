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
/// The ids that the round is expected to add if its length is 0: 1, the default, and in bit-identical mode 1 plus the chance that a guess is
/// right, up to 2. Such a round's run has a second row anyway, which checks the id that followed the last earlier place of the text ending as
/// the text ends now. A round that drafts has no such guess.
/// </param>
/// <param name="WishedLength">
/// The least length that would show which of the drafts suit this text best, while that is open, which is for the first few rounds of a
/// request with several drafts: 1, or 0, the default, when it is settled or would cost too much. A wish, and no matter how likely the guess of
/// <paramref name="PlainTokens"/> is: a controller that leaves it unheard may end up with a draft that suits other texts better.
/// <see cref="GoodputSpeculationLength"/> follows it where one of the drafts alone would pay; the paper's rule and a fixed length do not.
/// </param>
public readonly record struct RoundOutlook(int ContextLength, int Remaining, int Drafts, int OtherRows = 0, int OtherSlots = 0, ulong DraftSet = 0, int LeastRows = 1, int DraftBatch = 0, double PlainTokens = 1, int WishedLength = 0)
{
    internal ulong AnyDraftSet => DraftSet != 0 ? DraftSet : Drafting.DraftSet.First(Math.Clamp(Drafts, 0, 64));
}
