namespace Minions.Core.Drafting;

/// <summary>Sets of drafts as one bit a draft.</summary>
internal static class DraftSet
{
    /// <summary>The set of the first drafts, 0 to 64 of them.</summary>
    public static ulong First(int drafts) => drafts == 64 ? ulong.MaxValue : (1UL << drafts) - 1;

    public static bool Has(ulong set, int draft) => (set >> draft & 1) != 0;
}
