using System.Text;

namespace Minions.Core.Tokenization.Unigrams;

/// <summary>Finds all tokens that a text goes on with. Immutable.</summary>
/// <remarks>The tokens lie sorted by their UTF-8 bytes, so that every further byte of the text leaves a part of what was left before it.</remarks>
internal sealed class PrefixIndex
{
    private readonly byte[][] _tokens;
    private readonly int[] _ids;

    public PrefixIndex(IReadOnlyDictionary<string, int> ids)
    {
        _tokens = [.. ids.Keys.Select(token => Encoding.UTF8.GetBytes(token))];
        _ids = [.. ids.Values];
        Array.Sort(_tokens, _ids, Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));
    }

    /// <summary>The tokens at a place of a text, the shortest first: where each ends, and its id.</summary>
    public IEnumerable<(int End, int Id)> Find(byte[] text, int start)
    {
        int low = 0;
        int high = _tokens.Length;
        for (int depth = 0; start + depth < text.Length; depth++)
        {
            byte value = text[start + depth];
            low = FirstWith(low, high, depth, value);
            high = FirstWith(low, high, depth, value + 1);
            if (low == high)
                yield break;
            if (_tokens[low].Length == depth + 1)
                yield return (start + depth + 1, _ids[low]);
        }
    }

    /// <summary>The first of some tokens that are equal so far which has a byte of at least some value next; those that end here have none.</summary>
    private int FirstWith(int low, int high, int depth, int value)
    {
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_tokens[middle].Length <= depth || _tokens[middle][depth] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
