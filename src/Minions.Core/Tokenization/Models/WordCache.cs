namespace Minions.Core.Tokenization.Models;

/// <summary>The ids of words that were encoded lately: a new word takes the place of the one with the same slot. Thread-safe, without locks.</summary>
/// <remarks>
/// It never holds more than <see cref="Capacity"/> words of at most <see cref="LongestWord"/> characters. An entry takes about 110 bytes for a
/// usual word, 280 at most, so a full cache takes about 0.9 MB, 2.3 MB at most.
/// </remarks>
internal sealed class WordCache
{
    public const int Capacity = 8192;
    public const int LongestWord = 32;

    private readonly Entry?[] _slots = new Entry?[Capacity];

    /// <summary>Appends the ids of a word, if they are known.</summary>
    public bool TryAppend(string word, List<int> ids)
    {
        if (word.Length > LongestWord || Volatile.Read(ref SlotOf(word)) is not { } entry || entry.Word != word)
            return false;

        ids.AddRange(entry.Ids);
        return true;
    }

    /// <summary>Keeps the ids of a word, unless the word is longer than <see cref="LongestWord"/>.</summary>
    public void Add(string word, ReadOnlySpan<int> ids)
    {
        if (word.Length <= LongestWord)
            Volatile.Write(ref SlotOf(word), new Entry(word, ids.ToArray()));
    }

    private ref Entry? SlotOf(string word) => ref _slots[(uint)word.GetHashCode() % Capacity];

    private sealed record Entry(string Word, int[] Ids);
}
