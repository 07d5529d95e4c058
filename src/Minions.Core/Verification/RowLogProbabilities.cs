using Minions.Core.Generation;
using Minions.Core.Sampling;

namespace Minions.Core.Verification;

/// <summary>Reads log probabilities off a row of logits. The same row gives the same figures on every processor.</summary>
internal static class RowLogProbabilities
{
    /// <summary>Reads those of the chosen id and of the likeliest ones.</summary>
    /// <param name="logits">The row as the model gave it; some of its logits are not negative infinity, and all are numbers.</param>
    /// <param name="chosen">The chosen id.</param>
    /// <param name="count">How many of the likeliest to name.</param>
    public static TokenLogProbabilities Of(ReadOnlySpan<float> logits, int chosen, int count)
    {
        SelectionScratch scratch = SelectionScratch.Take();
        LogitsRow row = LogitsRow.Scan(logits, scratch.Peaks(LogitsRow.PeaksOf(logits.Length)));
        double logMass = LogMassOf(row);
        Span<int> likeliest = stackalloc int[Math.Min(count, logits.Length)];
        likeliest = likeliest[..Rank(row, likeliest)];
        var named = new TokenLogProbability[likeliest.Length];
        for (int i = 0; i < named.Length; i++)
            named[i] = new TokenLogProbability(likeliest[i], LogShare(logits[likeliest[i]], row.Maximum, logMass));
        scratch.GiveBack();
        return new TokenLogProbabilities { Chosen = LogShare(logits[chosen], row.Maximum, logMass), Likeliest = named };
    }

    // The sum of the weights in units of the largest logit's. Where that is infinite, all ids that have it share the whole.
    private static double LogMassOf(in LogitsRow row)
    {
        if (!float.IsFinite(row.Maximum))
            return Math.Log(row.Logits.Count(row.Maximum));

        long mass = RowMeasure.OfMass(row, new SoftmaxWeight(row.Maximum, 1), float.MinValue).Mass;
        return Math.Log((double)mass / SoftmaxWeight.OfLargest);
    }

    private static double LogShare(float logit, float maximum, double logMass) =>
        Math.Min(0, (logit == maximum ? 0 : (double)logit - maximum) - logMass);

    // Keeps the best so far in order; blocks that cannot better them are passed over.
    private static int Rank(in LogitsRow row, Span<int> best)
    {
        int held = 0;
        for (int start = 0; start < row.Length && best.Length > 0; start += LogitsRow.BlockLength)
        {
            float least = held < best.Length ? float.MinValue : row.Logits[best[^1]];
            if (!row.Block(start, least, out ReadOnlySpan<float> block))
                continue;

            for (int i = 0; i < block.Length; i++)
            {
                float logit = block[i];
                if (float.IsNegativeInfinity(logit) || (held == best.Length && logit <= row.Logits[best[^1]]))
                    continue;

                int place = held < best.Length ? held++ : best.Length - 1;
                for (; place > 0 && row.Logits[best[place - 1]] < logit; place--)
                    best[place] = best[place - 1];
                best[place] = start + i;
            }
        }

        return held;
    }
}
