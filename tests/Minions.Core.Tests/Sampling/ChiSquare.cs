namespace Minions.Core.Tests.Sampling;

/// <summary>Pearson's test of counts against a distribution.</summary>
internal static class ChiSquare
{
    // A normal deviate beyond which 0.0001 of the mass lies.
    private const double Deviate = 3.719;

    /// <summary>Whether counts fit a distribution at level 0.0001: a correct sampler fails once in 10,000 sets of draws.</summary>
    /// <param name="counts">How often each cell was drawn.</param>
    /// <param name="probabilities">What the cells' probabilities should be.</param>
    /// <param name="report">The statistic and its bound.</param>
    public static bool Fits(IReadOnlyList<int> counts, IReadOnlyList<double> probabilities, out string report)
    {
        int draws = counts.Sum();
        double statistic = 0;
        double restExpected = 0;
        int restCount = 0;
        int cells = 0;
        for (int i = 0; i < counts.Count; i++)
        {
            double expected = probabilities[i] * draws;
            if (expected == 0 && counts[i] > 0)
            {
                report = $"cell {i} was drawn {counts[i]} times, but has no probability";
                return false;
            }

            // Cells too small for the approximation are counted as one.
            if (expected < 5)
            {
                restExpected += expected;
                restCount += counts[i];
                continue;
            }

            cells++;
            statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
        }

        if (restExpected >= 5)
        {
            cells++;
            statistic += (restCount - restExpected) * (restCount - restExpected) / restExpected;
        }

        double bound = Quantile(cells - 1);
        report = $"chi-square {statistic:0.0} over {cells} cells of {draws} draws, bound {bound:0.0}";
        return statistic < bound;
    }

    // Wilson and Hilferty's approximation.
    private static double Quantile(int degrees)
    {
        double part = 2.0 / (9 * degrees);
        return degrees * Math.Pow(1 - part + Deviate * Math.Sqrt(part), 3);
    }
}
