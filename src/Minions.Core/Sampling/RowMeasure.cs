using System.Numerics;

namespace Minions.Core.Sampling;

/// <summary>How much of a row lies at or above a logit.</summary>
/// <param name="Count">The number of ids.</param>
/// <param name="Mass">The sum of their softmax weights, or 0 where it was not asked for.</param>
internal readonly record struct RowMeasure(int Count, long Mass)
{
    /// <summary>Counts the ids at or above a logit.</summary>
    public static RowMeasure OfCount(in LogitsRow row, float least)
    {
        var bound = new Vector<float>(least);
        Vector<int> counts = Vector<int>.Zero;
        int count = 0;
        for (int start = 0; start < row.Length; start += LogitsRow.BlockLength)
        {
            if (!row.Block(start, least, out ReadOnlySpan<float> block))
                continue;

            int i = 0;
            for (; i <= block.Length - Vector<float>.Count; i += Vector<float>.Count)
                counts -= Vector.GreaterThanOrEqual(new Vector<float>(block[i..]), bound);
            for (; i < block.Length; i++)
                count += block[i] >= least ? 1 : 0;
        }

        return new RowMeasure(count + Vector.Sum(counts), 0);
    }

    /// <summary>Counts the ids at or above a logit and adds up their weights.</summary>
    public static RowMeasure OfMass(in LogitsRow row, in SoftmaxWeight weight, float least) => OfMass(row, weight, least, float.PositiveInfinity);

    /// <summary>Counts the ids at or above a logit but below another and adds up their weights.</summary>
    public static RowMeasure OfMass(in LogitsRow row, in SoftmaxWeight weight, float least, float limit)
    {
        var end = new Vector<float>(limit);
        var bound = new Vector<float>(least);
        Vector<int> counts = Vector<int>.Zero;
        Vector<long> sums = Vector<long>.Zero;
        int count = 0;
        long mass = 0;
        for (int start = 0; start < row.Length; start += LogitsRow.BlockLength)
        {
            if (!row.Block(start, least, out ReadOnlySpan<float> block))
                continue;

            int i = 0;
            for (; i <= block.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                var logits = new Vector<float>(block[i..]);
                Vector<int> wanted = Vector.GreaterThanOrEqual(logits, bound) & Vector.LessThan(logits, end);
                if (wanted == Vector<int>.Zero)
                    continue;

                counts -= wanted;
                Vector.Widen(weight.Of(logits) & wanted, out Vector<long> low, out Vector<long> high);
                sums += low + high;
            }

            for (; i < block.Length; i++)
            {
                if (block[i] >= least && block[i] < limit)
                {
                    count++;
                    mass += weight.Of(block[i]);
                }
            }
        }

        return new RowMeasure(count + Vector.Sum(counts), mass + Vector.Sum(sums));
    }

    public static RowMeasure operator +(RowMeasure left, RowMeasure right) => new(left.Count + right.Count, left.Mass + right.Mass);

    /// <summary>The weight of what a cut keeps.</summary>
    public static long MassOf(in LogitsRow row, in SoftmaxWeight weight, in RowCut cut)
    {
        RowMeasure kept = OfMass(row, weight, Math.Max(cut.Logit, weight.Below(SoftmaxWeight.Horizon)));
        if (cut.LastId >= row.Length - 1)
            return kept.Mass;

        int equal = kept.Count - OfCount(row, float.BitIncrement(cut.Logit)).Count;
        int dropped = equal == 1 ? 0 : row.Logits[(cut.LastId + 1)..].Count(cut.Logit);
        return kept.Mass - (long)dropped * weight.Of(cut.Logit);
    }
}
