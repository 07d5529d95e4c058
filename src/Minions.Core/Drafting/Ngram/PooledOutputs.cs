namespace Minions.Core.Drafting.Ngram;

/// <summary>
/// The outputs of one key. Reading takes no lock, so a round never waits for a request that ends; everything else is the pool's, under its lock.
/// </summary>
internal sealed class PooledOutputs(OutputKey key)
{
    private volatile Segment[] _newestFirst = [];

    public OutputKey Key => key;

    /// <summary>The requests that may read.</summary>
    public int Readers { get; set; }

    /// <summary>The segment that is written to, or <see langword="null"/> where there is none.</summary>
    public Segment? Newest => _newestFirst is [var newest, ..] ? newest : null;

    public void Add(Segment segment) => _newestFirst = [segment, .. _newestFirst];

    public void Drop(Segment segment) => _newestFirst = [.. _newestFirst.Where(other => other != segment)];

    /// <summary>
    /// Collects what followed in earlier outputs, newer ones first. Long matches of any age come before short ones; enough of them are as many as
    /// one text gives.
    /// </summary>
    public void Collect(ReadOnlySpan<int> text, Continuations continuations)
    {
        Segment[] segments = _newestFirst;
        int found = 0;
        for (int i = 0; i < segments.Length && found < SuffixIndex.MostCandidates; i++)
            found += segments[i].Index.CollectLong(text, segments[i].Index.Count, continuations);
        for (int i = 0; i < segments.Length && found == 0; i++)
            found = segments[i].Index.CollectShort(text, segments[i].Index.Count, continuations);
    }
}

/// <summary>Some outputs of one key, one after another.</summary>
internal sealed class Segment
{
    public Segment(PooledOutputs owner, SuffixIndex index)
    {
        (Owner, Index) = (owner, index);
        Node = new LinkedListNode<Segment>(this);
    }

    public PooledOutputs Owner { get; }

    public SuffixIndex Index { get; }

    /// <summary>Its place among the segments of all keys.</summary>
    public LinkedListNode<Segment> Node { get; }
}
