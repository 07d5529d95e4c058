using Minions.Core.Drafting;

namespace Minions.Core.Speculation;

/// <summary>What a controller decides for the next round: which drafts run, how far, and where they stop.</summary>
public readonly struct SpeculationPlan
{
    /// <summary>Makes a plan with a length; everything else has its default.</summary>
    /// <param name="length">See <see cref="Length"/>.</param>
    public SpeculationPlan(int length) => Length = length;

    /// <summary>
    /// The most ids each draft proposes; 0, the default, for plain decoding. Clipped to the request's limits and to what is left of it.
    /// </summary>
    public int Length { get; init; }

    /// <summary>
    /// The most ids of a chain behind which a draft that takes no time goes on (<see cref="IDraftModel.ContinuesChains"/>). It may exceed
    /// <see cref="Length"/> where the planner says what rows are worth, so that what does not pay is cut
    /// (<see cref="ISpeculationLengthPlanner.TryPredict"/>). Clipped to the request's limits and to what is left of it. Default, as
    /// any value below it: <see cref="Length"/>.
    /// </summary>
    public int MaxChainLength { get; init; }

    /// <summary>
    /// Where a draft stops early: behind the id with which the product of its ids' probabilities falls below this. In [0, 1); 0, the default,
    /// never stops.
    /// </summary>
    public float MinimumConfidence { get; init; }

    /// <summary>
    /// Which drafts run. Default (<see langword="null"/>): the pipeline chooses those that pay at this length, or all, as
    /// <see cref="SpeculationOptions.DraftSelection"/> says. Meaningless in a round of length 0.
    /// </summary>
    public DraftSet? Drafts { get; init; }

    /// <summary>
    /// Drafts beyond these that run for a single id, to see how they would have done on the text so far: they have no part in the vote. In a round
    /// of length 0 there are none.
    /// </summary>
    public DraftSet Probes { get; init; }

    /// <summary>
    /// How many of the last committed ids drafts are asked to score while they take them in, 0 (the default) to
    /// <see cref="Drafting.DraftRequest.MaxTokensToScore"/>: what they say comes back in <see cref="DraftRound.ScoredAgreements"/>.
    /// </summary>
    public int TokensToScore { get; init; }

    /// <summary>The ids the controller expects the round to commit; 0, the default, when it does not predict.</summary>
    public double ExpectedTokens { get; init; }

    /// <summary>How long it expects drafting and verification to take; zero, the default, when it does not predict.</summary>
    public TimeSpan ExpectedTime { get; init; }
}
