using System.Numerics;

namespace Minions.Core.Sampling;

/// <summary>
/// Finds the id whose logit over temperature plus noise is the largest. The leading bits of an id's hash bound its noise from above, and the
/// peaks of a block bound its logits: together they rule out nearly all ids by comparing whole numbers, without reading their logits. Only
/// for the rest logarithms are taken. The bounds err on the safe side only, so the choice is that of a search through all ids.
/// </summary>
internal ref struct NoisyArgmax
{
    private const float Ln2 = 0.693147181f;

    // Covers the rounding of the bound, whose terms stay below 128.
    private const float Slack = 1e-3f;

    private readonly LogitsRow _row;
    private readonly SoftmaxWeight _weight;
    private readonly RowCut _cut;
    private readonly GumbelNoise _noise;
    private readonly float _inverse;
    private int _best;
    private double _bestScore;
    private float _least;

    private NoisyArgmax(in LogitsRow row, in SoftmaxWeight weight, in RowCut cut, in GumbelNoise noise, int likeliest)
    {
        _row = row;
        _weight = weight;
        _cut = cut;
        _noise = noise;
        _inverse = (float)Math.Min(1 / weight.Temperature, 1e30);
        Lead(likeliest, Score(likeliest));
    }

    /// <summary>The id whose logit and noise are the largest together; of equal ones the lowest.</summary>
    /// <param name="row">The logits.</param>
    /// <param name="weight">Their maximum and temperature.</param>
    /// <param name="cut">What can be chosen; the likeliest id always can.</param>
    /// <param name="noise">The noise of the position.</param>
    /// <param name="likeliest">The id of the row's maximum.</param>
    public static int Find(in LogitsRow row, in SoftmaxWeight weight, in RowCut cut, in GumbelNoise noise, int likeliest)
    {
        var search = new NoisyArgmax(row, weight, cut, noise, likeliest);
        for (int start = 0; start < row.Length; start += LogitsRow.BlockLength)
        {
            if (row.Block(start, search._least, out ReadOnlySpan<float> block))
                search.SearchBlock(start, block);
        }

        return search._best;
    }

    private readonly double Score(int id) => ((double)_row.Logits[id] - _weight.Maximum) / _weight.Temperature + _noise.Of(id);

    private void SearchBlock(int start, ReadOnlySpan<float> block)
    {
        Vector<float> peaks = _row.Peaks(start);
        Vector<int> bar = Bar(peaks);
        Vector<uint> ids = Vector<uint>.Indices + new Vector<uint>((uint)start);
        int i = 0;
        for (; i <= block.Length - Vector<float>.Count; i += Vector<float>.Count, ids += new Vector<uint>((uint)Vector<uint>.Count))
        {
            Vector<int> passing = Vector.GreaterThanOrEqual(Vector.AsVectorInt32(_noise.Leading(ids) >>> 1), bar);
            if (passing == Vector<int>.Zero)
                continue;

            for (int lane = 0; lane < Vector<float>.Count; lane++)
            {
                if (passing[lane] != 0 && block[i + lane] >= _least)
                    Try(start + i + lane);
            }

            bar = Bar(peaks);
        }

        for (; i < block.Length; i++)
            Try(start + i);
    }

    // What half of the leading bits must reach for an id to win. With w = 2^32 - 1 - leading bits, 1 - u > w / 2^32, and the noise
    // -ln(-ln u) <= -ln(1 - u) < 32 ln 2 - ln w. Reading the bits of the float w as a number gives its exponent with the mantissa as fraction,
    // which is never above log2 w; reading a number as the bits of a float inverts that.
    private readonly Vector<int> Bar(Vector<float> peaks)
    {
        const float ExponentStep = 1 << 23;
        const float Offset = Ln2 * (31 + 127);
        Vector<float> room = (peaks - new Vector<float>(_weight.Maximum)) * _inverse + new Vector<float>(Offset + Slack - (float)_bestScore);
        Vector<float> bits = Vector.Min(Vector.Max(room * (ExponentStep / Ln2), Vector<float>.Zero), new Vector<float>(0x4F00_0000));
        Vector<int> largest = Vector.ConvertToInt32(Vector.AsVectorSingle(Vector.ConvertToInt32(bits)));
        return new Vector<int>(int.MaxValue) - largest;
    }

    private void Try(int id)
    {
        if (!_cut.Keeps(_row.Logits[id], id))
            return;

        double score = Score(id);
        if (score > _bestScore || (score == _bestScore && id < _best))
            Lead(id, score);
    }

    // Below `least` even the largest noise cannot win.
    private void Lead(int id, double score)
    {
        _best = id;
        _bestScore = score;
        _least = Math.Max(_cut.Logit, float.BitDecrement(_weight.Below(GumbelNoise.Largest - score)));
    }
}
