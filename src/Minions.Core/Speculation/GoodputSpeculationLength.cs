using System.Collections.Concurrent;
using Minions.Core.Speculation.Goodput;

namespace Minions.Core.Speculation;

/// <summary>
/// Speculates with the drafts and as far as it pays: each round gets the set of drafts and the length with the most expected ids for its time. The
/// default.
/// </summary>
/// <remarks>
/// <para>
/// <b>Acceptance.</b> A draft's proposal is accepted exactly as far as its own choices, given the committed ids, equal the text. So for every set of
/// drafts and every length it is read off one window of agreements: drafts that run show theirs by running, others when they take in what they
/// missed. A request starts from what earlier ones showed (full information: HedgeSpec, arXiv 2510.20064).
/// </para>
/// <para>
/// <b>Costs</b> of target runs by rows and requests, and of a step of each draft, are learnt from the rounds and shared by all requests.
/// </para>
/// <para>
/// <b>Within a round</b> a draft stops where its own probabilities make the next id unlikely to pay, and rows of the target run go to the ids that
/// are most likely to be accepted, among all requests of the run. What a probability is worth is learnt as well.
/// </para>
/// <para>
/// <b>Length 0</b>, plain decoding, is the answer where no draft pays, or where its own guess (<see cref="RoundOutlook.ExpectedPlainTokens"/>) is
/// worth more. About half a percent of the time goes into drafts that do not run otherwise, so a text or a machine that changes is noticed.
/// </para>
/// <para>
/// This is better than following a trend (Minions, arXiv 2402.15678, section 4.2; see <see cref="TrendSpeculationLength"/>): no round is
/// needed to find out that a length is bad when its price is known. Goodput as the measure follows SmartSpec (arXiv 2406.14066).
/// </para>
/// </remarks>
public sealed class GoodputSpeculationLength : ISpeculationLengthController
{
    private readonly SpeculationTuning _tuning;

    // What is learnt is about given drafts; pipelines that share a controller share it where they have as many.
    private readonly ConcurrentDictionary<int, SpeculationKnowledge> _knowledge = new();

    /// <summary>Makes the controller.</summary>
    public GoodputSpeculationLength()
        : this(SpeculationTuning.Default)
    {
    }

    internal GoodputSpeculationLength(SpeculationTuning tuning) => _tuning = tuning;

    /// <inheritdoc/>
    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => new SpeculationPlanner(Knowledge(limits.Drafts), limits);

    internal SpeculationKnowledge Knowledge(int drafts) =>
        _knowledge.GetOrAdd(drafts, static (count, tuning) => new SpeculationKnowledge(count, tuning), _tuning);
}
