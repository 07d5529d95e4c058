using Minions.Core.SpeculationLength.Goodput;

namespace Minions.Core.SpeculationLength;

/// <summary>
/// Speculates as far as it pays: each round gets the length with the most expected ids for its time. The default.
/// </summary>
/// <remarks>
/// <para>
/// <b>Costs</b> of target runs by rows and of drafting by steps are learnt from the rounds themselves and shared by all requests; how far
/// chains survive is learnt by each request, starting from what the others saw. What the proposals say sharpens it: a draft stops where its
/// own probabilities make the next id unlikely to pay, and the chosen chain is cut before the target sees it where neither probabilities nor
/// agreement speak for its end. An id pays when its chance of being accepted exceeds its share of the time at the rate that the request
/// reaches anyway.
/// </para>
/// <para>
/// <b>Length 0</b>, plain decoding, is the answer where drafts cannot pay, or where its own guess (<see cref="RoundOutlook.PlainTokens"/>) is
/// likelier to be right than drafts are worth their time; a sure guess speaks for the drafts too, by as much as it did before. About four thousandths of the time go into rounds that try something
/// else, so a text or a machine that changes is noticed, and a draft that becomes useful comes back; a try that succeeds may be
/// repeated at once. Drafts that have hardly run are tried beyond that, in at most 64 rounds of a pipeline, where the speed that
/// may still be hoped for would pay: what is new is slow.
/// </para>
/// <para>
/// This is better than following a trend (Minions, arXiv 2402.15678, section 4.2; see <see cref="TrendSpeculationLength"/>): no round is
/// needed to find out that a length is bad when its price is known. Goodput as the measure follows SmartSpec (arXiv 2406.14066).
/// </para>
/// </remarks>
public sealed class GoodputSpeculationLength : ISpeculationLengthController
{
    private readonly SharedKnowledge _shared = new();

    /// <inheritdoc/>
    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => new GoodputPlanner(_shared, limits);
}
