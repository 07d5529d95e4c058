namespace Minions.Core.Speculation;

/// <summary>Speculates the same length in every round.</summary>
public sealed class FixedSpeculationLength : ISpeculationLengthController
{
    /// <summary>Makes the controller.</summary>
    /// <param name="length">The length, 0 (plain decoding) or more; a request's limits may clip it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public FixedSpeculationLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
    }

    /// <summary>The length of every round.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) =>
        new Planner(Math.Clamp(Length, limits.Minimum, limits.Maximum));

    private sealed class Planner(int length) : ISpeculationLengthPlanner
    {
        public SpeculationPlan Plan(in RoundOutlook outlook) => new(length);

        public void Observe(SpeculationRound round)
        {
        }
    }
}
