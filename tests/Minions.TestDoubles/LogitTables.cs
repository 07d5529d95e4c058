namespace Minions.TestDoubles;

/// <summary>Functions from a prefix to the logits of the next id.</summary>
public static class LogitTables
{
    /// <summary>Logits that look random but are the same every time: a matter of the seed and of the last two ids.</summary>
    /// <param name="vocabulary">The number of logits.</param>
    /// <param name="seed">Which table.</param>
    /// <param name="spread">How far the logits lie apart: about this to either side of 0.</param>
    public static Func<ReadOnlySpan<int>, float[]> Random(int vocabulary, int seed, float spread) => prefix =>
    {
        var random = new SplitMix((ulong)seed << 32 | (uint)(prefix[^1] * 1024 + (prefix.Length > 1 ? prefix[^2] : 1000)));
        float[] logits = new float[vocabulary];
        for (int id = 0; id < vocabulary; id++)
            logits[id] = (float)((random.Next() - 0.5) * 2 * spread);
        return logits;
    };

    /// <summary>A draft's idea of another table: its logits with some of a table of one's own mixed in.</summary>
    public static Func<ReadOnlySpan<int>, float[]> Near(Func<ReadOnlySpan<int>, float[]> other, int vocabulary, int seed, float error)
    {
        Func<ReadOnlySpan<int>, float[]> own = Random(vocabulary, seed, error);
        return prefix => [.. other(prefix).Zip(own(prefix), (logit, off) => logit + off)];
    }

    /// <summary>What a draft that means ill says: the least likely ids first.</summary>
    public static Func<ReadOnlySpan<int>, float[]> Opposite(Func<ReadOnlySpan<int>, float[]> other) => prefix => [.. other(prefix).Select(logit => -logit)];

    private struct SplitMix(ulong state)
    {
        public double Next()
        {
            state += 0x9E37_79B9_7F4A_7C15;
            ulong mixed = (state ^ state >> 30) * 0xBF58_476D_1CE4_E5B9;
            mixed = (mixed ^ mixed >> 27) * 0x94D0_49BB_1331_11EB;
            return (mixed >> 11) * (1.0 / (1UL << 53));
        }
    }
}
