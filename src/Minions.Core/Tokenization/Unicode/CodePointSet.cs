namespace Minions.Core.Tokenization.Unicode;

/// <summary>A set of code points, as sorted ranges that neither touch nor overlap. Immutable.</summary>
internal sealed class CodePointSet
{
    public const int Last = 0x10FFFF;

    private readonly CodePointRange[] _ranges;

    private CodePointSet(CodePointRange[] ranges) => _ranges = ranges;

    public static CodePointSet Empty { get; } = new([]);

    public static CodePointSet All { get; } = Of(0, Last);

    public IReadOnlyList<CodePointRange> Ranges => _ranges;

    /// <summary>The only code point of the set, or <see langword="null"/> where it has none or several.</summary>
    public int? Single => _ranges.Length == 1 && _ranges[0].First == _ranges[0].Last ? _ranges[0].First : null;

    public static CodePointSet Of(int first, int last) => new([new CodePointRange(first, last)]);

    public static CodePointSet Of(IEnumerable<int> points) => Of(points.Select(point => new CodePointRange(point, point)));

    public static CodePointSet Of(IEnumerable<CodePointRange> ranges)
    {
        var joined = new List<CodePointRange>();
        foreach (CodePointRange range in ranges.OrderBy(range => range.First))
        {
            if (joined.Count != 0 && range.First <= joined[^1].Last + 1)
                joined[^1] = new CodePointRange(joined[^1].First, Math.Max(joined[^1].Last, range.Last));
            else
                joined.Add(range);
        }

        return new CodePointSet([.. joined]);
    }

    public bool Contains(int point)
    {
        int low = 0;
        int high = _ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (point < _ranges[middle].First)
                high = middle - 1;
            else if (point > _ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }

    public CodePointSet Union(CodePointSet other) => Of(_ranges.Concat(other._ranges));

    public CodePointSet Intersect(CodePointSet other) => Complement().Union(other.Complement()).Complement();

    public CodePointSet Complement()
    {
        var ranges = new List<CodePointRange>(_ranges.Length + 1);
        int next = 0;
        foreach (CodePointRange range in _ranges)
        {
            if (range.First > next)
                ranges.Add(new CodePointRange(next, range.First - 1));
            next = range.Last + 1;
        }

        if (next <= Last)
            ranges.Add(new CodePointRange(next, Last));
        return new CodePointSet([.. ranges]);
    }
}

/// <summary>Code points in order, both ends included.</summary>
internal readonly record struct CodePointRange(int First, int Last);
