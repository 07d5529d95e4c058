using System.Numerics;

namespace Minions.Core.Sampling;

/// <summary>
/// The noise of one position: for each token a draw from the standard Gumbel distribution that is a pure function of (seed, position,
/// token), with the same bits on every processor. The largest of logits plus noise is a draw from their softmax; target and drafts that
/// share the noise tend to agree on it (Gumbel coupling, arXiv 2506.05632).
/// </summary>
/// <remarks>
/// A token's uniform number has 52 random bits: 32 leading ones from a hash that runs on 32-bit lanes, and 20 trailing ones that are made
/// only for the few tokens that the leading ones do not rule out.
/// </remarks>
internal readonly struct GumbelNoise
{
    /// <summary>No noise exceeds this: that of the largest uniform number below 1.</summary>
    public const double Largest = 36.7369;

    // The 64-bit mixer is SplitMix64's (Steele, Lea, Flood 2014); the 32-bit multipliers are those Wellons found by search for three rounds.
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;
    private const uint First = 0xED5A_D4BB;
    private const uint Second = 0xAC4C_1B51;
    private const uint Third = 0x3184_8BAB;

    private readonly uint _inner;
    private readonly uint _outer;
    private readonly ulong _trailing;

    public GumbelNoise(ulong seed, int position)
    {
        ulong key = Mix(Mix(seed + Step) + (uint)position * Step);
        _inner = (uint)key;
        _outer = (uint)(key >> 32);
        _trailing = Mix(key + Step);
    }

    /// <summary>The noise of a token.</summary>
    public double Of(int token) => -NaturalLogarithm.Of(-NaturalLogarithm.Of(Uniform(token)));

    /// <summary>The uniform number of a token, strictly between 0 and 1: an odd multiple of 2 to the power of -53.</summary>
    public double Uniform(int token)
    {
        ulong trailing = Mix(_trailing + (uint)token * Step) >> 44;
        ulong bits = (ulong)Leading((uint)token) << 20 | trailing;
        return (2 * bits + 1) * (1.0 / (1UL << 53));
    }

    /// <summary>The 32 leading bits of a token's uniform number.</summary>
    public uint Leading(uint token)
    {
        uint hash = token + _inner;
        hash = (hash ^ hash >> 17) * First;
        hash = ((hash ^ hash >> 11) + _outer) * Second;
        hash = (hash ^ hash >> 15) * Third;
        return hash ^ hash >> 14;
    }

    /// <summary>The leading bits of several tokens at once.</summary>
    public Vector<uint> Leading(Vector<uint> tokens)
    {
        Vector<uint> hash = tokens + new Vector<uint>(_inner);
        hash = (hash ^ hash >>> 17) * First;
        hash = ((hash ^ hash >>> 11) + new Vector<uint>(_outer)) * Second;
        hash = (hash ^ hash >>> 15) * Third;
        return hash ^ hash >>> 14;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ value >> 30) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ value >> 27) * 0x94D0_49BB_1331_11EB;
        return value ^ value >> 31;
    }
}
