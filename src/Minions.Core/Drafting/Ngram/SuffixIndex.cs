namespace Minions.Core.Drafting.Ngram;

/// <summary>
/// A text in which the places that end like a given text are found in constant time: chains of a long and of a short order, of which the
/// short one is walked only where the long one knows nothing.
/// </summary>
/// <remarks>
/// A walk looks at no more than <see cref="MostCandidates"/> places, newest first, so that a text full of one phrase costs no more than any
/// other; among those, the longest match is exact up to <see cref="LongestMatch"/> ids. Walks of 8 or 32 places guessed as well. Safe to read
/// while one thread appends, as long as it neither truncates nor grows.
/// </remarks>
internal sealed class SuffixIndex
{
    public const int LongestMatch = 32;
    public const int MostCandidates = 16;

    /// <summary>What is put between texts: no id, so that none continues into the next.</summary>
    public const int Separator = -1;

    private const int LongOrder = 6;

    private readonly int _shortest;
    private readonly int _mostCandidates;
    private int[] _ids;
    private GramChains? _long;
    private GramChains _short;
    private int _count;

    /// <summary>Makes an empty index.</summary>
    /// <param name="shortest">The fewest ids that count as a match.</param>
    /// <param name="capacity">The ids it takes before it has to grow; at least 1.</param>
    /// <param name="mostCandidates">The most places a walk looks at.</param>
    public SuffixIndex(int shortest, int capacity, int mostCandidates = MostCandidates)
    {
        _shortest = shortest;
        _mostCandidates = mostCandidates;
        _ids = new int[capacity];
        _long = shortest < LongOrder ? new GramChains(LongOrder, capacity) : null;
        _short = new GramChains(shortest, capacity);
    }

    /// <summary>The number of ids, guesses not counted.</summary>
    public int Count => Volatile.Read(ref _count);

    public int Capacity => _ids.Length;

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    public void Append(ReadOnlySpan<int> ids)
    {
        EnsureRoom(_count + ids.Length);
        int[] all = _ids;
        int count = _count;
        foreach (int id in ids)
        {
            all[count++] = id;
            ReadOnlySpan<int> text = all.AsSpan(0, count);
            _long?.Add(text);
            _short.Add(text);
        }

        Volatile.Write(ref _count, count);
    }

    /// <summary>Forgets all but the first ids, in time proportional to what is forgotten.</summary>
    public void Truncate(int count)
    {
        for (; _count > count; _count--)
        {
            ReadOnlySpan<int> text = _ids.AsSpan(0, _count);
            _long?.Remove(text);
            _short.Remove(text);
        }
    }

    /// <summary>Writes a guess behind the text; it is not indexed, and the next id appended overwrites it.</summary>
    /// <returns>The text with all guesses up to this one.</returns>
    public ReadOnlySpan<int> Suppose(int guess, int id)
    {
        _ids[_count + guess] = id;
        return _ids.AsSpan(0, _count + guess + 1);
    }

    /// <summary>Collects what followed where the index holds the longest ends of a text.</summary>
    /// <param name="text">The text to continue, which may be the index's own, with guesses.</param>
    /// <param name="known">How many ids may be read, guesses included.</param>
    /// <param name="continuations">Receives them, newest first.</param>
    /// <returns>How many were added.</returns>
    public int Collect(ReadOnlySpan<int> text, int known, Continuations continuations)
    {
        int found = CollectLong(text, known, continuations);
        return found > 0 ? found : CollectShort(text, known, continuations);
    }

    /// <summary>As <see cref="Collect(ReadOnlySpan{int}, int, Continuations)"/>, of the matches that are long; none where the fewest ids of a match are as many.</summary>
    public int CollectLong(ReadOnlySpan<int> text, int known, Continuations continuations) => _long is null ? 0 : Collect(_long, text, known, continuations);

    /// <summary>As <see cref="Collect(ReadOnlySpan{int}, int, Continuations)"/>, of all matches, the newest places first.</summary>
    public int CollectShort(ReadOnlySpan<int> text, int known, Continuations continuations) => Collect(_short, text, known, continuations);

    /// <summary>Makes room for as many ids and guesses.</summary>
    public void EnsureRoom(int capacity)
    {
        if (capacity <= _ids.Length)
            return;

        var grown = new SuffixIndex(_shortest, Math.Max(capacity, _ids.Length * 2));
        grown.Append(_ids.AsSpan(0, _count));
        (_ids, _long, _short) = (grown._ids, grown._long, grown._short);
    }

    private int Collect(GramChains chains, ReadOnlySpan<int> text, int known, Continuations continuations)
    {
        int found = 0;
        int place = chains.Newest(text, _ids);
        for (int walked = 0; place >= 0 && walked < _mostCandidates; walked++, place = chains.Before(place))
        {
            // The text's own end has no continuation yet, nor has a place that another thread is just adding. Negative ids part texts.
            if (place + 1 >= known || _ids[place + 1] < 0)
                continue;

            continuations.Add(_ids[place + 1], MatchLength(text, place, chains.Order));
            found++;
        }

        return found;
    }

    private int MatchLength(ReadOnlySpan<int> text, int place, int known)
    {
        ReadOnlySpan<int> ids = _ids.AsSpan(0, place + 1);
        int limit = Math.Min(LongestMatch, Math.Min(ids.Length, text.Length));
        int length = known;
        while (length < limit && ids[^(length + 1)] == text[^(length + 1)])
            length++;
        return length;
    }
}
