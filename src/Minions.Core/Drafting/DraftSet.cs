using System.Numerics;

namespace Minions.Core.Drafting;

/// <summary>A set of a pipeline's drafts, by their places in the pipeline's order, 0 to 63.</summary>
public readonly struct DraftSet : IEquatable<DraftSet>
{
    /// <summary>Makes a set.</summary>
    /// <param name="bits">One bit a draft, the lowest for the first.</param>
    public DraftSet(ulong bits) => Bits = bits;

    /// <summary>One bit a draft, the lowest for the first.</summary>
    public ulong Bits { get; }

    /// <summary>The number of drafts in the set.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>The set of the first drafts.</summary>
    /// <param name="drafts">How many, 0 to 64.</param>
    public static DraftSet First(int drafts) => new(drafts == 64 ? ulong.MaxValue : (1UL << drafts) - 1);

    /// <summary>The set of the drafts that meet a condition.</summary>
    internal static DraftSet Where(IReadOnlyList<IDraftModel> drafts, Predicate<IDraftModel> condition)
    {
        DraftSet set = default;
        for (int i = 0; i < drafts.Count; i++)
            set = condition(drafts[i]) ? set.With(i) : set;
        return set;
    }

    /// <summary>Whether a draft is in the set.</summary>
    /// <param name="draft">Its place.</param>
    public bool Contains(int draft) => (Bits >> draft & 1) != 0;

    /// <summary>Whether all drafts of another set are in this one.</summary>
    internal bool Includes(ulong bits) => (bits & ~Bits) == 0;

    /// <summary>The set with a draft more.</summary>
    /// <param name="draft">Its place.</param>
    public DraftSet With(int draft) => new(Bits | 1UL << draft);

    /// <summary>The drafts that are in either set.</summary>
    /// <param name="other">The other set.</param>
    public DraftSet Union(DraftSet other) => new(Bits | other.Bits);

    /// <summary>The drafts of this set that are not in the other.</summary>
    /// <param name="other">The other set.</param>
    public DraftSet Except(DraftSet other) => new(Bits & ~other.Bits);

    /// <inheritdoc/>
    public bool Equals(DraftSet other) => Bits == other.Bits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DraftSet other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bits.GetHashCode();

    /// <summary>Whether two sets have the same drafts.</summary>
    public static bool operator ==(DraftSet left, DraftSet right) => left.Equals(right);

    /// <summary>Whether two sets differ.</summary>
    public static bool operator !=(DraftSet left, DraftSet right) => !left.Equals(right);
}
