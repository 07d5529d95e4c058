using System.Runtime.InteropServices;

namespace Minions.Core.Tokenization.BytePairs;

/// <summary>Merges neighbouring symbols, always the pair of the lowest rank, the leftmost of equals. Thread-safe.</summary>
internal sealed class PairMerger
{
    private const int None = -1;

    private readonly Dictionary<(int Left, int Right), Merge> _merges;

    public PairMerger(Vocabulary vocabulary)
    {
        _merges = new Dictionary<(int, int), Merge>(vocabulary.Merges.Count);
        for (var rank = 0; rank < vocabulary.Merges.Count; rank++)
        {
            // Of a pair listed twice the later rank counts, as for the tokenizers library.
            var (left, right) = vocabulary.Merges[rank];
            _merges[(vocabulary.Ids[left], vocabulary.Ids[right])] = new Merge(rank, vocabulary.Ids[left + right]);
        }
    }

    /// <summary>How many different pairs merge.</summary>
    public int Count => _merges.Count;

    /// <summary>Merges in place; the symbols that are left are at the front.</summary>
    /// <remarks>O(n log n), so that a prompt that is one single word (a SentencePiece vocabulary has no others) costs no more than its length.</remarks>
    public void MergeAll(List<int> symbols)
    {
        if (symbols.Count < 2) return;
        var ids = CollectionsMarshal.AsSpan(symbols);
        var previous = new int[ids.Length];
        var next = new int[ids.Length];
        var queue = new PriorityQueue<(int Position, Merge Merge), long>(ids.Length);
        for (var position = 0; position < ids.Length; position++)
        {
            previous[position] = position - 1;
            next[position] = position + 1 < ids.Length ? position + 1 : None;
            Offer(queue, ids, position, next[position]);
        }

        while (queue.TryDequeue(out var candidate, out _))
        {
            var position = candidate.Position;
            var right = next[position];

            // Either half may have been merged away since the pair was queued.
            if (ids[position] == None || right == None) continue;
            if (!_merges.TryGetValue((ids[position], ids[right]), out var merge) || merge != candidate.Merge) continue;

            ids[position] = merge.Id;
            ids[right] = None;
            next[position] = next[right];
            if (next[position] != None) previous[next[position]] = position;
            if (previous[position] != None) Offer(queue, ids, previous[position], position);
            Offer(queue, ids, position, next[position]);
        }

        symbols.RemoveAll(static id => id == None);
    }

    private void Offer(PriorityQueue<(int Position, Merge Merge), long> queue, ReadOnlySpan<int> ids, int left, int right)
    {
        if (right != None && _merges.TryGetValue((ids[left], ids[right]), out var merge))
            queue.Enqueue((left, merge), ((long)merge.Rank << 32) | (uint)left);
    }

    private readonly record struct Merge(int Rank, int Id);
}
