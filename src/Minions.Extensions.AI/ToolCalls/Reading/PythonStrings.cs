namespace Minions.Extensions.AI.ToolCalls.Reading;

/// <summary>Where strings in Python's quotes end.</summary>
internal static class PythonStrings
{
    /// <summary>
    /// Whether a quote ends its string. Templates write text between quotes without escaping it, and models repeat that: a quote ends the
    /// string only before what may follow a value.
    /// </summary>
    /// <param name="text">The text as far as it has arrived.</param>
    /// <param name="index">Where the quote is.</param>
    /// <param name="space">How much white space behind it has been seen: 0 at first, for the next question about the same quote.</param>
    public static Sight EndsAt(ReadOnlySpan<char> text, int index, ref int space)
    {
        while (index + 1 + space < text.Length && char.IsWhiteSpace(text[index + 1 + space]))
            space++;

        int behind = index + 1 + space;
        if (behind == text.Length)
            return Sight.Perhaps;

        return text[behind] is ',' or ')' or ']' or '}' or ':' ? Sight.Yes : Sight.No;
    }
}
