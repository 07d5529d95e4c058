using System.Numerics;

namespace Minions.Core.Sampling;

/// <summary>How much of a row lies at or above a logit.</summary>
/// <param name="Count">The number of ids.</param>
/// <param name="Mass">The sum of their softmax weights, or 0 where it was not asked for.</param>
internal readonly record struct RowMeasure(int Count, long Mass)
{
    /// <summary>Counts the ids at or above a logit.</summary>
    public static RowMeasure OfCount(ReadOnlySpan<float> row, float least)
    {
        var bound = new Vector<float>(least);
        Vector<int> counts = Vector<int>.Zero;
        int i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
            counts -= Vector.GreaterThanOrEqual(new Vector<float>(row[i..]), bound);

        int count = Vector.Sum(counts);
        for (; i < row.Length; i++)
            count += row[i] >= least ? 1 : 0;
        return new RowMeasure(count, 0);
    }

    /// <summary>Counts the ids at or above a logit and adds up their weights.</summary>
    public static RowMeasure OfMass(ReadOnlySpan<float> row, in SoftmaxWeight weight, float least)
    {
        var bound = new Vector<float>(least);
        Vector<int> counts = Vector<int>.Zero;
        Vector<long> sums = Vector<long>.Zero;
        int i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var logits = new Vector<float>(row[i..]);
            Vector<int> wanted = Vector.GreaterThanOrEqual(logits, bound);
            if (wanted == Vector<int>.Zero)
                continue;

            counts -= wanted;
            Vector.Widen(weight.Of(logits) & wanted, out Vector<long> low, out Vector<long> high);
            sums += low + high;
        }

        int count = Vector.Sum(counts);
        long mass = Vector.Sum(sums);
        for (; i < row.Length; i++)
        {
            if (row[i] >= least)
            {
                count++;
                mass += weight.Of(row[i]);
            }
        }

        return new RowMeasure(count, mass);
    }

    /// <summary>The weight of what a cut keeps.</summary>
    public static long MassOf(ReadOnlySpan<float> row, in SoftmaxWeight weight, in RowCut cut)
    {
        long mass = OfMass(row, weight, Math.Max(cut.Logit, weight.Below(SoftmaxWeight.Horizon))).Mass;
        return cut.LastId < row.Length - 1 ? mass - (long)row[(cut.LastId + 1)..].Count(cut.Logit) * weight.Of(cut.Logit) : mass;
    }
}
