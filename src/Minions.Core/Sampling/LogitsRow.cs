using System.Numerics;
using System.Numerics.Tensors;

namespace Minions.Core.Sampling;

/// <summary>
/// A row of logits with its maximum and the peaks of its blocks, found in one pass: whatever looks for large logits later passes over the
/// blocks whose peaks are too low, which are nearly all where few ids matter.
/// </summary>
internal readonly ref struct LogitsRow
{
    private const int VectorsInBlock = 32;

    // For each full block as many values as a vector has lanes: the maximum of each lane.
    private readonly ReadOnlySpan<float> _peaks;

    private LogitsRow(ReadOnlySpan<float> logits, ReadOnlySpan<float> peaks, float maximum)
    {
        Logits = logits;
        _peaks = peaks;
        Maximum = maximum;
    }

    /// <summary>How many logits a block has. The last block may have fewer.</summary>
    public static int BlockLength => VectorsInBlock * Vector<float>.Count;

    public ReadOnlySpan<float> Logits { get; }

    /// <summary>The largest logit; not a number where any is not, or the row is empty.</summary>
    public float Maximum { get; }

    public int Length => Logits.Length;

    /// <summary>How much room for peaks a row needs.</summary>
    public static int PeaksOf(int length) => length / VectorsInBlock;

    /// <summary>Looks at a row once.</summary>
    /// <param name="logits">The row.</param>
    /// <param name="peaks">Room for as many values as <see cref="PeaksOf"/> says.</param>
    public static LogitsRow Scan(ReadOnlySpan<float> logits, Span<float> peaks)
    {
        Vector<int> areNumbers = Vector<int>.AllBitsSet;
        int start = 0;
        int used = 0;
        for (; start <= logits.Length - BlockLength; start += BlockLength, used += Vector<float>.Count)
        {
            ReadOnlySpan<float> block = logits.Slice(start, BlockLength);
            var even = new Vector<float>(float.NegativeInfinity);
            Vector<float> odd = even;
            for (int i = 0; i <= block.Length - 2 * Vector<float>.Count; i += 2 * Vector<float>.Count)
            {
                var first = new Vector<float>(block[i..]);
                var second = new Vector<float>(block[(i + Vector<float>.Count)..]);
                areNumbers &= Vector.Equals(first, first) & Vector.Equals(second, second);
                even = Vector.MaxNative(even, first);
                odd = Vector.MaxNative(odd, second);
            }

            Vector.MaxNative(even, odd).CopyTo(peaks[used..]);
        }

        float maximum = areNumbers == Vector<int>.AllBitsSet ? float.NegativeInfinity : float.NaN;
        if (used > 0 && !float.IsNaN(maximum))
            maximum = TensorPrimitives.Max<float>(peaks[..used]);
        if (start < logits.Length)
            maximum = Math.Max(maximum, TensorPrimitives.Max(logits[start..]));
        return new LogitsRow(logits, peaks[..used], logits.IsEmpty ? float.NaN : maximum);
    }

    /// <summary>The lowest id that has the maximum.</summary>
    public int IndexOfMaximum()
    {
        int start = 0;
        while (!Block(start, Maximum, out ReadOnlySpan<float> block) || !block.Contains(Maximum))
            start += BlockLength;
        return start + Logits[start..].IndexOf(Maximum);
    }

    /// <summary>The block that begins at an id, unless all of it lies below a logit.</summary>
    /// <param name="start">A multiple of <see cref="BlockLength"/> within the row.</param>
    /// <param name="least">The least logit of interest.</param>
    /// <param name="block">The logits of the block.</param>
    /// <returns>Whether the block may hold a logit of interest.</returns>
    public bool Block(int start, float least, out ReadOnlySpan<float> block)
    {
        block = Logits.Slice(start, Math.Min(BlockLength, Logits.Length - start));
        return Vector.GreaterThanOrEqualAny(Peaks(start), new Vector<float>(least));
    }

    /// <summary>For each lane of a vector an upper bound of the block's logits in this lane.</summary>
    /// <param name="start">Where the block begins.</param>
    public Vector<float> Peaks(int start)
    {
        int peaks = start / VectorsInBlock;
        return peaks < _peaks.Length ? new Vector<float>(_peaks[peaks..]) : new Vector<float>(Maximum);
    }
}
