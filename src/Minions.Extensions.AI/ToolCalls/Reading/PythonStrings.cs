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
    public static Sight EndsAt(ReadOnlySpan<char> text, int index)
    {
        ReadOnlySpan<char> behind = text[(index + 1)..].TrimStart();
        if (behind.IsEmpty)
            return Sight.Perhaps;

        return behind[0] is ',' or ')' or ']' or '}' or ':' ? Sight.Yes : Sight.No;
    }
}
