namespace Minions.Core.Tokenization.AddedTokens;

/// <summary>The parts of a text in which no special token is parsed: in order, without overlaps.</summary>
internal readonly struct PlainRanges
{
    private readonly (int Start, int End)[]? _ranges;

    private PlainRanges((int Start, int End)[] ranges) => _ranges = ranges;

    /// <summary>Special tokens are parsed everywhere.</summary>
    public static PlainRanges None => default;

    /// <summary>Special tokens are parsed nowhere.</summary>
    public static PlainRanges All { get; } = new([(0, int.MaxValue)]);

    public ReadOnlySpan<(int Start, int End)> Ranges => _ranges;

    /// <exception cref="ArgumentException">A range lies outside of the text, or begins before the end of the one before it.</exception>
    public static PlainRanges Of(IReadOnlyList<Range> ranges, int length, string parameter)
    {
        var checkedRanges = new (int Start, int End)[ranges.Count];
        int last = 0;
        for (int index = 0; index < checkedRanges.Length; index++)
        {
            (int start, int end) = (ranges[index].Start.GetOffset(length), ranges[index].End.GetOffset(length));
            if (start < last || end < start || end > length)
            {
                throw new ArgumentException(
                    $"Range {index}, from {start} to {end}, is not in order or not within the text of {length} characters. Give ranges in order, without overlaps.",
                    parameter);
            }

            checkedRanges[index] = (start, last = end);
        }

        return new PlainRanges(checkedRanges);
    }

    /// <summary>Whether a part of the text has a plain character.</summary>
    public bool Overlaps(int start, int end)
    {
        int next = FirstEndingAfter(start);
        return next < Ranges.Length && Ranges[next].Start < end && Ranges[next].Start < Ranges[next].End;
    }

    /// <summary>Whether a part of the text is plain as a whole.</summary>
    public bool Contains(int start, int end)
    {
        int next = FirstEndingAfter(start);
        return next < Ranges.Length && Ranges[next].Start <= start && end <= Ranges[next].End;
    }

    /// <summary>The ranges of a part of the text, as they are in that part.</summary>
    public PlainRanges Within(int start, int end)
    {
        if (_ranges is null || !Overlaps(start, end))
            return None;
        if (Contains(start, end))
            return All;

        var inside = new List<(int, int)>();
        for (int index = FirstEndingAfter(start); index < Ranges.Length && Ranges[index].Start < end; index++)
            inside.Add((Math.Max(Ranges[index].Start, start) - start, Math.Min(Ranges[index].End, end) - start));
        return new PlainRanges([.. inside]);
    }

    /// <summary>
    /// The ranges as they are in the normalised text: what the text around them is normalised to is found there again. Where a normaliser joins
    /// characters on both sides of a border, a range reaches a little further, so that nothing of it is ever parsed.
    /// </summary>
    public PlainRanges Normalized(string text, string normalized, Func<string, string> normalize)
    {
        if (_ranges is null || Contains(0, text.Length))
            return this;

        var moved = new List<(int Start, int End)>();
        foreach ((int start, int end) in _ranges)
        {
            int before = normalized.AsSpan().CommonPrefixLength(normalize(text[..start]));
            int after = CommonSuffixLength(normalized, normalize(text[end..]));
            int from = Math.Max(before, moved.Count == 0 ? 0 : moved[^1].End);
            moved.Add((from, Math.Max(from, normalized.Length - after)));
        }

        return new PlainRanges([.. moved]);
    }

    private static int CommonSuffixLength(string one, string other)
    {
        int length = 0;
        while (length < one.Length && length < other.Length && one[^(length + 1)] == other[^(length + 1)])
            length++;
        return length;
    }

    private int FirstEndingAfter(int position)
    {
        (int low, int high) = (0, Ranges.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Ranges[middle].End > position)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
