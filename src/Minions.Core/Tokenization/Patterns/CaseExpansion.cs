using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.Patterns;

/// <summary>
/// Replaces characters that are looked for without regard to case by what matches all of their forms, single characters for strings (ß for ss)
/// included.
/// </summary>
internal static class CaseExpansion
{
    // No character folds to more than three.
    private const int LongestFolding = 3;

    /// <summary>Expands the characters of a sequence. Neighbours fold together, as in "ss"; repeated characters stand alone.</summary>
    /// <param name="items">The sequence.</param>
    /// <param name="lookingBehind">Inside of look-behind only forms of one character for one are taken, as Oniguruma does.</param>
    public static PatternNode Expand(IReadOnlyList<PatternNode> items, bool lookingBehind)
    {
        var result = new List<PatternNode>(items.Count);
        for (int index = 0; index < items.Count;)
        {
            int run = 0;
            while (index + run < items.Count && items[index + run] is LiteralNode { IgnoreCase: true })
                run++;
            if (run == 0)
            {
                result.Add(items[index] is LiteralNode literal ? new SetNode(CodePointSet.Of(literal.Point, literal.Point)) : items[index]);
                index++;
                continue;
            }

            int[] points = new int[run];
            for (int at = 0; at < run; at++)
                points[at] = ((LiteralNode)items[index + at]).Point;
            ExpandRun(points, lookingBehind, result);
            index += run;
        }

        return result.Count == 1 ? result[0] : new SequenceNode(result);
    }

    /// <summary>A set of characters, and the strings that some of them fold to.</summary>
    public static PatternNode WithFoldedStrings(CodePointSet set)
    {
        var choices = new List<PatternNode> { new SetNode(set) };
        foreach (int[] folded in CaseFolding.Instance.FoldedStrings.Where(pair => set.Contains(pair.Key)).Select(pair => pair.Value).Distinct())
            choices.Add(AnyCase(folded));
        return choices.Count == 1 ? choices[0] : new AlternationNode(choices);
    }

    private static void ExpandRun(ReadOnlySpan<int> points, bool lookingBehind, List<PatternNode> result)
    {
        CaseFolding folding = CaseFolding.Instance;
        while (points.Length != 0)
        {
            int length = lookingBehind ? 1 : FoldingLength(points, folding);
            int[] part = points[..length].ToArray();
            points = points[length..];
            if (length > 1)
            {
                result.Add(new AlternationNode([AnyCase(part), new SetNode(CodePointSet.Of(folding.UnfoldedOf(part).ToArray()))]));
            }
            else if (!lookingBehind && folding.FoldedStrings.TryGetValue(part[0], out int[]? folded))
            {
                result.Add(new AlternationNode(
                    [new SetNode(CodePointSet.Of([part[0], .. folding.UnfoldedOf(folded)])), AnyCase(folded)]));
            }
            else
            {
                int[] same = folding.FoldedStrings.TryGetValue(part[0], out folded) ? folding.UnfoldedOf(folded).ToArray() : folding.SameAs(part[0]).ToArray();
                result.Add(new SetNode(CodePointSet.Of(same)));
            }
        }
    }

    private static int FoldingLength(ReadOnlySpan<int> points, CaseFolding folding)
    {
        for (int length = Math.Min(points.Length, LongestFolding); length > 1; length--)
        {
            if (folding.UnfoldedOf(points[..length]).Length != 0)
                return length;
        }

        return 1;
    }

    private static SequenceNode AnyCase(int[] points) =>
        new([.. points.Select(point => new SetNode(CodePointSet.Of(CaseFolding.Instance.SameAs(point).ToArray())))]);
}
