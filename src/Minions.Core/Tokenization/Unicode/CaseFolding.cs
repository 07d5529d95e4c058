namespace Minions.Core.Tokenization.Unicode;

/// <summary>Which characters, and which strings of up to three, are the same when case is ignored (CaseFolding.txt, full folding).</summary>
internal sealed class CaseFolding
{
    private static readonly Lazy<CaseFolding> Shared = new(() => new CaseFolding());

    private readonly Dictionary<int, int[]> _groups = [];
    private readonly Dictionary<(int, int, int), int[]> _unfolded = [];
    private readonly Dictionary<int, int[]> _foldedStrings = [];
    private readonly List<int[]> _closures = [];

    private CaseFolding()
    {
        foreach ((int[] folded, int[] unfolded) in UnicodeProperties.Foldings)
        {
            if (folded.Length == 1)
            {
                int[] group = [folded[0], .. unfolded];
                _closures.Add(group);
                foreach (int point in group)
                    _groups[point] = group;
                continue;
            }

            _unfolded[Key(folded)] = unfolded;
            _closures.Add(unfolded);
            foreach (int point in unfolded)
                _foldedStrings[point] = folded;
        }
    }

    public static CaseFolding Instance => Shared.Value;

    /// <summary>Single characters that fold to a string of several, with that string.</summary>
    public IReadOnlyDictionary<int, int[]> FoldedStrings => _foldedStrings;

    /// <summary>All characters that differ from one in case only, itself included.</summary>
    public ReadOnlySpan<int> SameAs(int point) => _groups.TryGetValue(point, out int[]? group) ? group : new[] { point };

    /// <summary>The single characters that fold to the same string of two or three as some characters do; none where there are none.</summary>
    public ReadOnlySpan<int> UnfoldedOf(ReadOnlySpan<int> points)
    {
        Span<int> folded = stackalloc int[points.Length];
        for (int index = 0; index < points.Length; index++)
            folded[index] = SameAs(points[index])[0];
        return _unfolded.TryGetValue(Key(folded), out int[]? unfolded) ? unfolded : [];
    }

    /// <summary>Adds to every character of a set those that differ from it in case only.</summary>
    public CodePointSet Close(CodePointSet set) =>
        set.Union(CodePointSet.Of(_closures.Where(group => Array.Exists(group, set.Contains)).SelectMany(group => group)));

    private static (int, int, int) Key(ReadOnlySpan<int> folded) => (folded[0], folded[1], folded.Length == 3 ? folded[2] : -1);
}
