namespace Minions.Benchmarks.EndToEnd.Costs;

/// <summary>What a head costs that runs for one request, in milliseconds.</summary>
/// <param name="First">The first step of a chain, at index i with i + 1 rows: the ids that were committed since the last one.</param>
/// <param name="Step">Every further step.</param>
internal sealed record HeadCosts(IReadOnlyList<double> First, double Step)
{
    /// <summary>The cost of a chain.</summary>
    /// <param name="rows">The rows of its first step; more than were measured cost what the most do.</param>
    /// <param name="length">How many ids it proposes; none cost what one does.</param>
    public double Of(int rows, int length) => First[Math.Clamp(rows, 1, First.Count) - 1] + Math.Max(0, length - 1) * Step;
}
