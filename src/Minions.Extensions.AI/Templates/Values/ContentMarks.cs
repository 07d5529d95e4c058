namespace Minions.Extensions.AI.Templates.Values;

/// <summary>
/// Which characters of a string come from the messages, as ranges in order that neither touch nor overlap. A string without any has none of these
/// objects, and one of a message has a single range.
/// </summary>
internal sealed class ContentMarks
{
    private readonly (int Start, int End)[] _ranges;

    private ContentMarks((int Start, int End)[] ranges) => _ranges = ranges;

    public ReadOnlySpan<(int Start, int End)> Ranges => _ranges;

    public static ContentMarks? Whole(int length) => length == 0 ? null : new([(0, length)]);

    public static ContentMarks? From(List<(int Start, int End)>? ranges) => ranges is null or { Count: 0 } ? null : new([.. ranges]);

    /// <summary>The ranges that have anything of a part, whole.</summary>
    public ReadOnlySpan<(int Start, int End)> Within(int start, int length)
    {
        int first = FirstBehind(start);
        int end = first;
        while (end < _ranges.Length && _ranges[end].Start < start + length)
            end++;
        return _ranges.AsSpan(first, end - first);
    }

    /// <summary>The marks of a part.</summary>
    public ContentMarks? Slice(int start, int length)
    {
        ReadOnlySpan<(int Start, int End)> within = Within(start, length);
        if (within.IsEmpty)
            return null;

        var inside = new (int, int)[within.Length];
        for (int index = 0; index < inside.Length; index++)
            inside[index] = (Math.Max(within[index].Start - start, 0), Math.Min(within[index].End - start, length));
        return new ContentMarks(inside);
    }

    public bool Contains(int index)
    {
        int range = FirstBehind(index);
        return range < _ranges.Length && _ranges[range].Start <= index;
    }

    // The first range that ends behind a position.
    private int FirstBehind(int position)
    {
        (int low, int high) = (0, _ranges.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].End > position)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
