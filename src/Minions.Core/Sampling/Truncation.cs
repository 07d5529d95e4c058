namespace Minions.Core.Sampling;

/// <summary>Top-k, top-p and min-p, in this order. Immutable; safe to use from several threads at once.</summary>
internal sealed class Truncation
{
    private readonly int _topK;
    private readonly double _topP;
    private readonly double _minP;
    private readonly double _leastNats;

    private Truncation(SamplingOptions options)
    {
        _topK = options.TopK;
        _topP = options.TopP;
        _minP = options.MinP;
        _leastNats = _minP > 0 ? -NaturalLogarithm.Of(_minP) : 0;
    }

    /// <summary>The truncation of the options, or <see langword="null"/> where it would cut nothing.</summary>
    public static Truncation? Of(SamplingOptions options) =>
        options.TopK > 0 || options.TopP < 1 || options.MinP > 0 ? new Truncation(options) : null;

    /// <summary>What of a row can be chosen.</summary>
    public RowCut Cut(in LogitsRow row, in SoftmaxWeight weight)
    {
        RowCut cut = RowCut.None;
        if (_topK > 0 && _topK < row.Length)
            cut = new RankSearch(row, weight, byMass: false).Reach(_topK);

        if (_topP < 1)
        {
            long mass = RowMeasure.MassOf(row, weight, cut);
            cut = new RankSearch(row, weight, byMass: true).Reach(Math.Clamp((long)Math.Ceiling(_topP * mass), 1, mass));
        }

        if (_minP > 0)
        {
            float least = weight.Below(_leastNats);
            if (least > cut.Logit)
                cut = new RowCut(least, int.MaxValue);
        }

        return cut;
    }
}
