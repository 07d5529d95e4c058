namespace Minions.Benchmarks.Reporting;

/// <summary>The middle of some figures, and how far they lie apart.</summary>
internal readonly record struct Spread(double Median, double Minimum, double Maximum)
{
    /// <summary>The spread of at least one figure.</summary>
    public static Spread Of(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return new Spread(Quantile(sorted, 0.5), sorted[0], sorted[^1]);
    }

    /// <summary>How figures stand to others that were measured beside them, pair by pair.</summary>
    public static Spread OfRatios(IEnumerable<double> figures, IEnumerable<double> others) => Of(figures.Zip(others, (own, other) => own / other));

    /// <summary>The figure below which a part of all lie, between neighbours by straight line.</summary>
    /// <param name="sorted">At least one figure, in ascending order.</param>
    /// <param name="part">The part, 0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> sorted, double part)
    {
        double position = part * (sorted.Length - 1);
        int below = (int)position;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + (above - sorted[below]) * (position - below);
    }
}
