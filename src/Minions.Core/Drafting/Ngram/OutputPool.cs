namespace Minions.Core.Drafting.Ngram;

/// <summary>
/// The newest finished outputs of all requests, for matches across requests. Adding takes a lock; reading takes none: outputs are appended
/// to the newest of a few segments, and when it is full the oldest segment is dropped whole.
/// </summary>
internal sealed class OutputPool
{
    private const int MostSegments = 4;
    private const int Separator = -1;

    private readonly Lock _lock = new();
    private readonly int _shortest;
    private readonly int _segmentCapacity;
    private volatile SuffixIndex[] _newestFirst = [];

    /// <summary>Makes an empty pool.</summary>
    /// <param name="shortest">The fewest ids that count as a match.</param>
    /// <param name="capacity">The most ids, outputs' ends included; at least <see cref="NgramDraftOptions.SmallestPool"/>.</param>
    public OutputPool(int shortest, int capacity)
    {
        _shortest = shortest;
        _segmentCapacity = capacity / MostSegments;
    }

    /// <summary>The number of ids held, the ends of outputs included.</summary>
    public int Count => _newestFirst.Sum(segment => segment.Count);

    public void Add(ReadOnlySpan<int> output)
    {
        if (output.Length <= _shortest)
            return; // Nothing follows anything in it.

        lock (_lock)
        {
            while (!output.IsEmpty)
            {
                SuffixIndex segment = OpenSegment();
                int taken = Math.Min(output.Length, segment.Capacity - segment.Count - 1);
                segment.Append(output[..taken]);
                segment.Append([Separator]);
                output = output[taken..];
            }
        }
    }

    /// <summary>Collects what followed in earlier outputs, the newest segment first, until one of them knows the text's end.</summary>
    public void Collect(ReadOnlySpan<int> text, Continuations continuations)
    {
        foreach (SuffixIndex segment in _newestFirst)
        {
            if (segment.Collect(text, segment.Count, continuations) > 0)
                return;
        }
    }

    private SuffixIndex OpenSegment()
    {
        SuffixIndex[] segments = _newestFirst;
        if (segments.Length > 0 && segments[0].Capacity - segments[0].Count > _shortest + 1)
            return segments[0];

        var opened = new SuffixIndex(_shortest, _segmentCapacity);
        _newestFirst = [opened, .. segments.Take(MostSegments - 1)];
        return opened;
    }
}
