using System.Numerics;

namespace Minions.Core.Sampling;

/// <summary>
/// Finds the id whose logit over temperature plus noise is the largest. A cheap upper bound of the noise, made of the leading bits of its
/// hash, rules out nearly all ids of a row; only for the rest logarithms are taken. The bound errs on the safe side only, so the choice is
/// that of a search through all of them.
/// </summary>
internal ref struct NoisyArgmax
{
    private const float Ln2 = 0.693147181f;

    // Covers the rounding of the bound, whose terms stay below 64.
    private const float Slack = 1e-3f;

    private readonly ReadOnlySpan<float> _row;
    private readonly SoftmaxWeight _weight;
    private readonly RowCut _cut;
    private readonly GumbelNoise _noise;
    private int _best;
    private double _bestScore;

    private NoisyArgmax(ReadOnlySpan<float> row, in SoftmaxWeight weight, in RowCut cut, in GumbelNoise noise, int likeliest)
    {
        _row = row;
        _weight = weight;
        _cut = cut;
        _noise = noise;
        _best = likeliest;
        _bestScore = Score(likeliest);
    }

    /// <summary>The id whose logit and noise are the largest together; of equal ones the lowest.</summary>
    /// <param name="row">The logits.</param>
    /// <param name="weight">Their maximum and temperature.</param>
    /// <param name="cut">What can be chosen; the likeliest id always can.</param>
    /// <param name="noise">The noise of the position.</param>
    /// <param name="likeliest">The id of the row's maximum.</param>
    public static int Find(ReadOnlySpan<float> row, in SoftmaxWeight weight, in RowCut cut, in GumbelNoise noise, int likeliest)
    {
        var search = new NoisyArgmax(row, weight, cut, noise, likeliest);
        search.Run();
        return search._best;
    }

    private readonly double Score(int id) => ((double)_row[id] - _weight.Maximum) / _weight.Temperature + _noise.Of(id);

    // With w = 2^32 - 1 - leading bits, 1 - u > w / 2^32, and -ln(-ln u) <= -ln(1 - u) < 32 ln 2 - ln w. Reading the bits of the float w as
    // a number gives its exponent with the mantissa as fraction, which is never above log2 w.
    private void Run()
    {
        const float ExponentStep = 1 << 23;
        const float Offset = Ln2 * (31 + 127);
        var slope = new Vector<float>(Ln2 / ExponentStep);
        var maximum = new Vector<float>(_weight.Maximum);
        var inverse = new Vector<float>((float)Math.Min(1 / _weight.Temperature, 1e30));
        Vector<uint> ids = Vector<uint>.Indices;
        (Vector<float> least, Vector<float> bar) = Bounds();
        int i = 0;
        for (; i <= _row.Length - Vector<float>.Count; i += Vector<float>.Count, ids += new Vector<uint>((uint)Vector<uint>.Count))
        {
            var logits = new Vector<float>(_row[i..]);
            if (!Vector.GreaterThanOrEqualAny(logits, least))
                continue;

            Vector<float> tail = Vector.ConvertToSingle(Vector.AsVectorInt32(~_noise.Leading(ids) >>> 1));
            Vector<float> most = (logits - maximum) * inverse + new Vector<float>(Offset) - Vector.ConvertToSingle(Vector.AsVectorInt32(tail)) * slope;
            if (!Vector.GreaterThanOrEqualAny(most, bar))
                continue;

            for (int lane = 0; lane < Vector<float>.Count; lane++)
            {
                if (most[lane] >= bar[lane])
                    Try(i + lane);
            }

            (least, bar) = Bounds();
        }

        for (; i < _row.Length; i++)
            Try(i);
    }

    // A lower logit than `least` or a lower bound than `bar` cannot win any more.
    private readonly (Vector<float> Least, Vector<float> Bar) Bounds() => (
        new Vector<float>(Math.Max(_cut.Logit, float.BitDecrement(_weight.Below(GumbelNoise.Largest - _bestScore)))),
        new Vector<float>((float)_bestScore - Slack));

    private void Try(int id)
    {
        if (!_cut.Keeps(_row[id], id))
            return;

        double score = Score(id);
        if (score > _bestScore || (score == _bestScore && id < _best))
            (_best, _bestScore) = (id, score);
    }
}
