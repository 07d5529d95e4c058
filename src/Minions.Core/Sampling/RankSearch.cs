using System.Numerics;

namespace Minions.Core.Sampling;

/// <summary>
/// Finds where a row, ranked by logit, reaches a number of ids (top-k) or a mass (top-p), without sorting it: a few vectorised passes close
/// in on the place, and only the ids around it are ranked.
/// </summary>
internal readonly ref struct RankSearch
{
    private const int FewIds = 256;

    private readonly ReadOnlySpan<float> _row;
    private readonly SoftmaxWeight _weight;
    private readonly bool _byMass;

    public RankSearch(ReadOnlySpan<float> row, in SoftmaxWeight weight, bool byMass)
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
        RowMeasure reached = Measure(low);
        for (double distance = _byMass ? _weight.Temperature : 1; Amount(reached) < target; distance *= 2)
        {
            if (low == float.MinValue)
                return RowCut.None;

            (high, above) = (low, reached);
            low = (float)Math.Max(_weight.Maximum - distance, float.MinValue);
            reached = Measure(low);
        }

        while (reached.Count - above.Count > FewIds)
        {
            float middle = low / 2 + high / 2;
            if (middle <= low || middle >= high)
                return ReachAmongEqual(low, target - Amount(above));

            RowMeasure measured = Measure(middle);
            if (Amount(measured) < target)
                (high, above) = (middle, measured);
            else
                (low, reached) = (middle, measured);
        }

        return ReachAmongFew(low, high, target - Amount(above));
    }

    private RowMeasure Measure(float least) => _byMass ? RowMeasure.OfMass(_row, _weight, least) : RowMeasure.OfCount(_row, least);

    private long Amount(in RowMeasure measure) => _byMass ? measure.Mass : measure.Count;

    private long Amount(float logit) => _byMass ? _weight.Of(logit) : 1;

    private RowCut ReachAmongEqual(float logit, long missing)
    {
        long ids = (missing + Amount(logit) - 1) / Amount(logit);
        int last = -1;
        for (; ids > 0; ids--)
            last += 1 + _row[(last + 1)..].IndexOf(logit);
        return new RowCut(logit, last);
    }

    private RowCut ReachAmongFew(float low, float high, long missing)
    {
        Span<ulong> ranks = stackalloc ulong[FewIds];
        int count = 0;
        var least = new Vector<float>(low);
        for (int start = 0; start < _row.Length; start += Vector<float>.Count)
        {
            ReadOnlySpan<float> part = _row[start..Math.Min(start + Vector<float>.Count, _row.Length)];
            if (part.Length == Vector<float>.Count && !Vector.GreaterThanOrEqualAny(new Vector<float>(part), least))
                continue;

            for (int i = 0; i < part.Length; i++)
            {
                if (part[i] >= low && part[i] < high)
                    ranks[count++] = Rank(part[i], start + i);
            }
        }

        ranks = ranks[..count];
        ranks.Sort();
        int place = 0;
        for (; place < count - 1; place++)
        {
            missing -= Amount(_row[(int)(uint)ranks[place]]);
            if (missing <= 0)
                break;
        }

        int last = (int)(uint)ranks[place];
        return new RowCut(_row[last], last);
    }

    // Ascending: larger logits first, then lower ids.
    private static ulong Rank(float logit, int id)
    {
        uint bits = BitConverter.SingleToUInt32Bits(logit + 0f);
        uint ascending = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        return (ulong)~ascending << 32 | (uint)id;
    }
}
