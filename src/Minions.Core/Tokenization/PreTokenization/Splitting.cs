using Minions.Core.Tokenization.Patterns;

namespace Minions.Core.Tokenization.PreTokenization;

/// <summary>What becomes of the matches of a pattern.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>Cuts a text at matches.</summary>
internal static class Splitting
{
    public static void Cut(string text, IEnumerable<TextRange> matches, SplitBehavior behavior, bool invert, List<string> pieces)
    {
        var parts = new List<(int Start, int End, bool Delimiter)>();
        int end = 0;
        foreach (TextRange match in matches)
        {
            if (match.Start > end)
                parts.Add((end, match.Start, invert));
            parts.Add((match.Start, match.End, !invert));
            end = match.End;
        }

        if (end < text.Length)
            parts.Add((end, text.Length, invert));

        int start = 0;
        for (int index = 0; index < parts.Count; index++)
        {
            (int Start, int End, bool Delimiter) part = parts[index];
            if (part.Delimiter && behavior == SplitBehavior.Removed)
            {
                start = part.End;
                continue;
            }

            if (index + 1 < parts.Count && Joins(part.Delimiter, parts[index + 1].Delimiter, behavior))
                continue;

            // Where an empty match was, there is a cut and nothing else.
            if (part.End > start)
                pieces.Add(text[start..part.End]);
            start = part.End;
        }
    }

    private static bool Joins(bool delimiter, bool nextDelimiter, SplitBehavior behavior) => behavior switch
    {
        SplitBehavior.Contiguous => delimiter == nextDelimiter,
        SplitBehavior.MergedWithPrevious => !delimiter && nextDelimiter,
        SplitBehavior.MergedWithNext => delimiter && !nextDelimiter,
        _ => false,
    };
}
