namespace Minions.Core.SpeculationLength;

/// <summary>How far the next round speculates.</summary>
/// <param name="Length">The most ids each draft proposes; 0 for plain decoding. Clipped to the request's limits and to what is left of it.</param>
/// <param name="MinimumConfidence">
/// Where a draft stops early: behind the id with which the product of its ids' probabilities falls below this. In [0, 1); 0, the default,
/// never stops.
/// </param>
/// <param name="ExpectedTokens">The ids the controller expects the round to commit; 0, the default, when it does not predict.</param>
/// <param name="ExpectedTime">How long it expects drafting and verification to take; zero, the default, when it does not predict.</param>
public readonly record struct SpeculationPlan(
    int Length,
    float MinimumConfidence = 0,
    double ExpectedTokens = 0,
    TimeSpan ExpectedTime = default);
