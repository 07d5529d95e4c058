namespace Minions.Core.Drafting.Economy;

/// <summary>The fading mean of a time, of which neither the first samples nor an outlier make much.</summary>
internal struct CostMean
{
    private const double Forgetting = 0.95;

    // A neighbour's load or a collection of garbage may stretch one run tenfold; it counts as a threefold one.
    private const double Outlier = 3;

    // The first runs of anything are slow: code is compiled, memory touched.
    private const int WarmUpRuns = 2;

    private FadingMean _mean;
    private int _runs;

    public readonly bool IsKnown => _mean.Count > 0;

    /// <summary>0 before it is known.</summary>
    public readonly double Mean => _mean.Mean;

    public void Add(double seconds)
    {
        if (++_runs > WarmUpRuns)
            _mean.Add(Mean > 0 ? Math.Min(seconds, _mean.Mean * Outlier) : seconds, Forgetting);
    }
}
