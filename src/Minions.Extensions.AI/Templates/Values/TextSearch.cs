namespace Minions.Extensions.AI.Templates.Values;

/// <summary>
/// Finds a text in another. What is compared is counted, as texts can be made so that a long one matches nearly everywhere.
/// </summary>
internal static class TextSearch
{
    // So few characters the framework compares at each place as quickly as it goes over it.
    private const int Short = 32;

    /// <summary>Where the first occurrence begins, or a negative number.</summary>
    public static int IndexOf(ReadOnlySpan<char> text, ReadOnlySpan<char> part, RenderRun run)
    {
        ReadOnlySpan<char> head = part[..Math.Min(part.Length, Short)];
        int at = 0;
        while (true)
        {
            int found = text[at..].IndexOf(head);
            run.ChargeText(found < 0 ? text.Length - at : found + head.Length);
            if (found < 0 || Matches(text[(at + found)..], part, run))
                return found < 0 ? -1 : at + found;
            at += found + 1;
        }
    }

    /// <summary>Where the last occurrence begins, or a negative number.</summary>
    public static int LastIndexOf(ReadOnlySpan<char> text, ReadOnlySpan<char> part, RenderRun run)
    {
        ReadOnlySpan<char> head = part[..Math.Min(part.Length, Short)];
        ReadOnlySpan<char> before = text;
        while (true)
        {
            int found = head.IsEmpty ? before.Length : before.LastIndexOf(head);
            run.ChargeText(found < 0 ? before.Length : before.Length - found);
            if (found < 0 || Matches(text[found..], part, run))
                return found;
            before = before[..(found + head.Length - 1)];
        }
    }

    private static bool Matches(ReadOnlySpan<char> text, ReadOnlySpan<char> part, RenderRun run)
    {
        if (part.Length <= Short)
            return true;

        int common = text.CommonPrefixLength(part);
        run.ChargeText(common);
        return common == part.Length;
    }
}
