namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>Which voters of those that are loaded an arm has; several parts of a name add up.</summary>
internal sealed record ArmPanel
{
    /// <summary>Every draft and head that is loaded.</summary>
    public static ArmPanel Everything { get; } = new() { Heads = true, Drafts = true };

    /// <summary>Whether all heads are among them.</summary>
    public bool Heads { get; init; }

    /// <summary>Whether all drafts that are no heads are among them.</summary>
    public bool Drafts { get; init; }

    /// <summary>Whether the n-gram voter is among them, whatever <c>--ngram</c> says.</summary>
    public bool Ngram { get; init; }

    /// <summary>Whether the best draft that is no head is among them; which it is, is found out before arms run.</summary>
    public bool BestSingle { get; init; }

    /// <summary>The names of single drafts or heads among them.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether a loaded draft is among them.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isHead">Whether it is a head.</param>
    public bool Includes(string name, bool isHead) => (isHead ? Heads : Drafts) || Names.Contains(name, StringComparer.Ordinal);

    /// <summary>This and another part's voters.</summary>
    public ArmPanel With(ArmPanel other) => new()
    {
        Heads = Heads || other.Heads,
        Drafts = Drafts || other.Drafts,
        Ngram = Ngram || other.Ngram,
        BestSingle = BestSingle || other.BestSingle,
        Names = [.. Names.Union(other.Names).Order(StringComparer.Ordinal)],
    };

    /// <summary>Whether the voters are the same.</summary>
    public bool Equals(ArmPanel? other) => other is not null && (Heads, Drafts, Ngram, BestSingle) == (other.Heads, other.Drafts, other.Ngram, other.BestSingle) && Names.SequenceEqual(other.Names);

    public override int GetHashCode() => HashCode.Combine(Heads, Drafts, Ngram, BestSingle, Names.Count);
}
