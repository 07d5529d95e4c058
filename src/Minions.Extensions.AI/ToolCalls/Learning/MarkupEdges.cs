namespace Minions.Extensions.AI.ToolCalls.Learning;

/// <summary>How far two pieces of markup are the same, in whole markers: not in the bracket that any two markers share.</summary>
internal static class MarkupEdges
{
    /// <summary>Whether text is a marker, which answers do not contain by chance: a bracket and a name.</summary>
    public static bool IsMarker(ReadOnlySpan<char> text) =>
        text.Length > 2 && (text[0] == '<' || (text[0] == '[' && (char.IsLetter(text[1]) || text[1] == '|'))) && text[1..].IndexOfAnyInRange('A', 'z') >= 0;

    /// <summary>The length of the longest start of a text that is also in another one, in whole markers.</summary>
    public static int StartFoundIn(string text, string other)
    {
        for (int length = text.Length; length > 0; length--)
        {
            if (text[length - 1] is '>' or ']' or '\n' && other.Contains(text[..length], StringComparison.Ordinal))
                return length;
        }

        return 0;
    }

    /// <summary>The length of the common start, up to the end of a marker or line.</summary>
    public static int CommonStart(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        int common = one.CommonPrefixLength(other);
        if (common == one.Length || common == other.Length)
            return common;

        return one[..common].LastIndexOfAny(">]\n") + 1;
    }

    /// <summary>The length of the common end, from the start of a marker on.</summary>
    public static int CommonEnd(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        int common = 0;
        while (common < one.Length && common < other.Length && one[^(common + 1)] == other[^(common + 1)])
            common++;

        if (common == one.Length || common == other.Length)
            return common;

        int start = one[^common..].IndexOfAny("<[");
        return start < 0 ? 0 : common - start;
    }
}
