using System.Numerics;

namespace Minions.Core.Sampling;

/// <summary>
/// Finds where a row, ranked by logit, reaches a number of ids (top-k) or a mass (top-p), without sorting it: a few vectorised passes close
/// in on the place, and only the ids around it are ranked.
/// </summary>
internal readonly ref struct RankSearch
{
    private const int FewIds = 256;

    private readonly LogitsRow _row;
    private readonly SoftmaxWeight _weight;
    private readonly bool _byMass;

    public RankSearch(in LogitsRow row, in SoftmaxWeight weight, bool byMass)
    {
        _row = row;
        _weight = weight;
        _byMass = byMass;
    }

    /// <summary>The shortest beginning of the ranked row that reaches a target.</summary>
    /// <param name="target">A number of ids or a mass, above 0.</param>
    public RowCut Reach(long target)
    {
        // What lies at or above `high` falls short of the target, what lies at or above `low` reaches it.
        float high = float.BitIncrement(_weight.Maximum);
        float low = _weight.Maximum;
        RowMeasure above = default;
        RowMeasure reached = Measure(low, float.PositiveInfinity, default);
        for (double distance = _byMass ? _weight.Temperature : 1; Amount(reached) < target; distance *= 2)
        {
            if (low == float.MinValue)
                return RowCut.None;

            (high, above) = (low, reached);
            low = (float)Math.Max(_weight.Maximum - distance, float.MinValue);
            reached = Measure(low, high, above);
        }

        for (int pass = 0; reached.Count - above.Count > FewIds; pass++)
        {
            float middle = Between(low, high, reached, above, target, pass);
            if (middle <= low || middle >= high)
                return ReachAmongEqual(low, target - Amount(above));

            RowMeasure measured = Measure(middle, high, above);
            if (Amount(measured) < target)
                (high, above) = (middle, measured);
            else
                (low, reached) = (middle, measured);
        }

        return ReachAmongFew(low, high, target - Amount(above));
    }

    // Where the target would lie if the ids were spread evenly, a few ids to one side and to the other in turn so that both ends move; every
    // third time the middle, which ends the search on any row.
    private float Between(float low, float high, in RowMeasure reached, in RowMeasure above, long target, int pass)
    {
        double share = 0.5;
        if (pass % 3 < 2)
        {
            double margin = FewIds / 3.0 / (reached.Count - above.Count);
            double inside = (double)(Amount(reached) - target) / (Amount(reached) - Amount(above));
            share = Math.Clamp(inside + (pass % 3 == 0 ? -margin : margin), 0.001, 0.999);
        }

        float between = (float)(low + share * ((double)high - low));
        return between > low && between < high ? between : low / 2 + high / 2;
    }

    // What lies above is known, so weights are computed for the ids between only.
    private RowMeasure Measure(float least, float high, in RowMeasure above) =>
        _byMass ? above + RowMeasure.OfMass(_row, _weight, least, high) : RowMeasure.OfCount(_row, least);

    private long Amount(in RowMeasure measure) => _byMass ? measure.Mass : measure.Count;

    private long Amount(float logit) => _byMass ? _weight.Of(logit) : 1;

    private RowCut ReachAmongEqual(float logit, long missing)
    {
        long ids = (missing + Amount(logit) - 1) / Amount(logit);
        int last = -1;
        for (; ids > 0; ids--)
            last += 1 + _row.Logits[(last + 1)..].IndexOf(logit);
        return new RowCut(logit, last);
    }

    private RowCut ReachAmongFew(float low, float high, long missing)
    {
        Span<ulong> ranks = stackalloc ulong[FewIds];
        int count = 0;
        var least = new Vector<float>(low);
        for (int start = 0; start < _row.Length; start += LogitsRow.BlockLength)
        {
            if (!_row.Block(start, low, out ReadOnlySpan<float> block))
                continue;

            for (int i = 0; i < block.Length; i++)
            {
                if (i % Vector<float>.Count == 0)
                {
                    while (i <= block.Length - Vector<float>.Count && !Vector.GreaterThanOrEqualAny(new Vector<float>(block[i..]), least))
                        i += Vector<float>.Count;
                    if (i == block.Length)
                        break;
                }

                if (block[i] >= low && block[i] < high)
                    ranks[count++] = Rank(block[i], start + i);
            }
        }

        ranks = ranks[..count];
        ranks.Sort();
        int place = 0;
        for (; place < count - 1; place++)
        {
            missing -= Amount(_row.Logits[(int)(uint)ranks[place]]);
            if (missing <= 0)
                break;
        }

        int last = (int)(uint)ranks[place];
        return new RowCut(_row.Logits[last], last);
    }

    // Ascending: larger logits first, then lower ids.
    private static ulong Rank(float logit, int id)
    {
        uint bits = BitConverter.SingleToUInt32Bits(logit + 0f);
        uint ascending = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        return (ulong)~ascending << 32 | (uint)id;
    }
}
