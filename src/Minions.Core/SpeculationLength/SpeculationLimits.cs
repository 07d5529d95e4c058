namespace Minions.Core.SpeculationLength;

/// <summary>The range a request's speculation length stays in.</summary>
/// <param name="Minimum">The least number of ids a round proposes, 0 or more. The end of the request may still cut a round shorter.</param>
/// <param name="Maximum">The most ids a round proposes, at least <paramref name="Minimum"/>.</param>
public readonly record struct SpeculationLimits(int Minimum, int Maximum);
