using System.Runtime.InteropServices;

namespace Minions.Core.Tokenization.BytePairs;

/// <summary>Merges neighbouring symbols, always the pair of the lowest rank, the leftmost of equals. Thread-safe.</summary>
internal sealed class PairMerger
{
    private const int None = -1;

    // Nearly all words are shorter; their links lie on the stack.
    private const int StackLinks = 128;

    private readonly Dictionary<(int Left, int Right), Merge> _merges;

    public PairMerger(Vocabulary vocabulary)
    {
        _merges = new Dictionary<(int, int), Merge>(vocabulary.Merges.Count);
        for (int rank = 0; rank < vocabulary.Merges.Count; rank++)
        {
            // Of a pair listed twice the later rank counts, as for the tokenizers library.
            (string left, string right) = vocabulary.Merges[rank];
            _merges[(vocabulary.Ids[left], vocabulary.Ids[right])] = new Merge(rank, vocabulary.Ids[vocabulary.Merged(left, right)]);
        }
    }

    /// <summary>Merges the symbols from <paramref name="start"/> to the end of the list, in place.</summary>
    /// <remarks>O(n log n), so that a prompt that is one single word (a SentencePiece vocabulary has no others) costs no more than its length.</remarks>
    public void MergeAll(List<int> symbols, int start)
    {
        Span<int> ids = CollectionsMarshal.AsSpan(symbols)[start..];
        if (ids.Length < 2)
            return;

        Span<int> previous = ids.Length <= StackLinks ? stackalloc int[StackLinks] : new int[ids.Length];
        Span<int> next = ids.Length <= StackLinks ? stackalloc int[StackLinks] : new int[ids.Length];
        var queue = new PriorityQueue<(int Position, Merge Merge), long>(ids.Length);
        for (int position = 0; position < ids.Length; position++)
        {
            previous[position] = position - 1;
            next[position] = position + 1 < ids.Length ? position + 1 : None;
            Offer(queue, ids, position, next[position]);
        }

        while (queue.TryDequeue(out (int Position, Merge Merge) candidate, out _))
        {
            int position = candidate.Position;
            int right = next[position];

            // Either half may have been merged away since the pair was queued.
            if (ids[position] == None || right == None)
                continue;
            if (!_merges.TryGetValue((ids[position], ids[right]), out Merge merge) || merge != candidate.Merge)
                continue;

            ids[position] = merge.Id;
            ids[right] = None;
            next[position] = next[right];
            if (next[position] != None)
                previous[next[position]] = position;
            if (previous[position] != None)
                Offer(queue, ids, previous[position], position);
            Offer(queue, ids, position, next[position]);
        }

        CollectionsMarshal.SetCount(symbols, start + Compact(ids));
    }

    private static int Compact(Span<int> ids)
    {
        int kept = 0;
        foreach (int id in ids)
        {
            if (id != None)
                ids[kept++] = id;
        }

        return kept;
    }

    private void Offer(PriorityQueue<(int Position, Merge Merge), long> queue, ReadOnlySpan<int> ids, int left, int right)
    {
        if (right != None && _merges.TryGetValue((ids[left], ids[right]), out Merge merge))
            queue.Enqueue((left, merge), ((long)merge.Rank << 32) | (uint)left);
    }

    private readonly record struct Merge(int Rank, int Id);
}
