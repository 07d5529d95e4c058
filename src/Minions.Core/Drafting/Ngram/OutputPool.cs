namespace Minions.Core.Drafting.Ngram;

/// <summary>
/// The newest finished outputs of all requests, those of each key for requests of that key alone. Bounded over all keys together: outputs stand in
/// segments, and whole segments are dropped, the one that was written to the longest ago first. Safe to use from several threads.
/// </summary>
internal sealed class OutputPool
{
    /// <summary>The most ids of a key's first segment. Each further one has room for twice as many, up to a share of the pool.</summary>
    private const int FirstSegment = 1024;

    private const int FewestSegments = 4;

    private readonly Lock _lock = new();
    private readonly int _shortest;
    private readonly int _capacity;
    private readonly Dictionary<OutputKey, PooledOutputs> _byKey = [];
    private readonly LinkedList<Segment> _stalestFirst = [];
    private int _room;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="shortest">The fewest ids that count as a match.</param>
    /// <param name="capacity">The most ids, outputs' ends included; at least <see cref="NgramDraftOptions.SmallestPool"/>.</param>
    public OutputPool(int shortest, int capacity) => (_shortest, _capacity) = (shortest, capacity);

    /// <summary>The number of ids held, the ends of outputs included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _stalestFirst.Sum(segment => segment.Index.Count);
        }
    }

    /// <summary>The keys that outputs are held for, or that requests in work have.</summary>
    public int Keys
    {
        get
        {
            lock (_lock)
                return _byKey.Count;
        }
    }

    /// <summary>Gives a request what it may read. Each call is followed by one of <see cref="Close"/>.</summary>
    public PooledOutputs Open(string? key)
    {
        lock (_lock)
        {
            if (!_byKey.TryGetValue(new OutputKey(key), out PooledOutputs? outputs))
                _byKey.Add(new OutputKey(key), outputs = new PooledOutputs(new OutputKey(key)));
            outputs.Readers++;
            return outputs;
        }
    }

    /// <summary>Takes what a request leaves, and forgets its key where nothing is held for it.</summary>
    /// <param name="outputs">What it read.</param>
    /// <param name="output">Its own output; may be empty.</param>
    public void Close(PooledOutputs outputs, ReadOnlySpan<int> output)
    {
        lock (_lock)
        {
            // Nothing follows anything in a shorter one.
            while (output.Length > _shortest)
            {
                SuffixIndex segment = OpenSegment(outputs, output.Length);
                int taken = Math.Min(output.Length, segment.Capacity - segment.Count - 1);
                segment.Append(output[..taken]);
                segment.Append([SuffixIndex.Separator]);
                output = output[taken..];
            }

            outputs.Readers--;
            ForgetIfUnused(outputs);
        }
    }

    private SuffixIndex OpenSegment(PooledOutputs outputs, int wanted)
    {
        Segment? newest = outputs.Newest;
        if (newest is not null && newest.Index.Capacity - newest.Index.Count > _shortest + 1)
        {
            _stalestFirst.Remove(newest.Node);
            _stalestFirst.AddLast(newest.Node);
            return newest.Index;
        }

        int most = _capacity / FewestSegments;
        int capacity = Math.Min(most, Math.Max(newest is null ? FirstSegment : 2 * newest.Index.Capacity, wanted + 1));
        while (_room + capacity > _capacity)
            DropStalest();

        var segment = new Segment(outputs, new SuffixIndex(_shortest, capacity));
        _stalestFirst.AddLast(segment.Node);
        _room += capacity;
        outputs.Add(segment);
        return segment.Index;
    }

    private void DropStalest()
    {
        Segment stalest = _stalestFirst.First!.Value;
        _stalestFirst.RemoveFirst();
        _room -= stalest.Index.Capacity;
        stalest.Owner.Drop(stalest);
        ForgetIfUnused(stalest.Owner);
    }

    private void ForgetIfUnused(PooledOutputs outputs)
    {
        if (outputs is { Readers: 0, Newest: null })
            _byKey.Remove(outputs.Key);
    }
}

/// <summary>What outputs are kept apart by.</summary>
/// <param name="Name">The requests' cache key, which may be null.</param>
internal readonly record struct OutputKey(string? Name);
