using System.Numerics;

namespace Minions.Core.Drafting.Ngram;

/// <summary>
/// For every place in a text, the next earlier place with the same last few ids: hash chains, newest place first. Places whose ids merely
/// hash alike share a chain, so a reader compares the ids themselves.
/// </summary>
/// <remarks>
/// One thread adds while others may read: a place is published after everything a reader will look at. Memory is 8 to 12 bytes a place of
/// the capacity. Two of these chains were chosen over a suffix automaton of the same text (measured up to 65536 ids): 24 to 32 bytes an id
/// against 73 to 97, some 15 ns against 40 to 120 to add one, and a lookup sees up to 16 places where the automaton tells of one.
/// </remarks>
/// <param name="order">The number of ids that two places of a chain share.</param>
/// <param name="capacity">The most places.</param>
internal sealed class GramChains(int order, int capacity)
{
    private const uint Multiplier = 0x9E3779B1;

    // One more than the place, so that 0 says none.
    private readonly int[] _heads = new int[BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private readonly int[] _earlier = new int[capacity];

    public int Order => order;

    /// <summary>Adds the place at the end of a text; places come in order.</summary>
    public void Add(ReadOnlySpan<int> text)
    {
        if (text.Length < order)
            return;

        ref int head = ref Head(text);
        _earlier[text.Length - 1] = head;
        Volatile.Write(ref head, text.Length);
    }

    /// <summary>Takes the place at the end of a text back, which must be the last one added.</summary>
    public void Remove(ReadOnlySpan<int> text)
    {
        if (text.Length >= order)
            Head(text) = _earlier[text.Length - 1];
    }

    /// <summary>The newest place that may end like the text, or -1.</summary>
    public int Newest(ReadOnlySpan<int> text) => text.Length < order ? -1 : Volatile.Read(ref Head(text)) - 1;

    /// <summary>The place before another one in its chain, or -1.</summary>
    public int Before(int place) => _earlier[place] - 1;

    private ref int Head(ReadOnlySpan<int> text)
    {
        uint hash = 0;
        foreach (int id in text[^order..])
        {
            hash = (hash ^ (uint)id) * Multiplier;
            hash ^= hash >> 15;
        }

        return ref _heads[hash & (uint)(_heads.Length - 1)];
    }
}
