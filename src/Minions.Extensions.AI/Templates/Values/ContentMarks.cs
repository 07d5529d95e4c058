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

    /// <summary>The marks of a part.</summary>
    public ContentMarks? Slice(int start, int length)
    {
        if (_ranges.Length == 1)
        {
            (int first, int end) = Clip(_ranges[0], start, length);
            return first >= end ? null : new([(first, end)]);
        }

        var inside = new List<(int, int)>();
        foreach ((int Start, int End) range in _ranges)
        {
            (int first, int end) = Clip(range, start, length);
            if (first < end)
                inside.Add((first, end));
        }

        return From(inside);
    }

    public bool Contains(int index)
    {
        foreach ((int start, int end) in _ranges)
        {
            if (index < end)
                return index >= start;
        }

        return false;
    }

    private static (int Start, int End) Clip((int Start, int End) range, int start, int length) =>
        (Math.Max(range.Start - start, 0), Math.Min(range.End - start, length));
}
