namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>What an arm's figures are held against, each as far as it was measured.</summary>
internal sealed record Baselines
{
    /// <summary>Those of <c>plain</c>.</summary>
    public Figures? Plain { get; init; }

    /// <summary>Those of <c>plain-identical</c>.</summary>
    public Figures? Identical { get; init; }

    /// <summary>Those of <c>genai</c>.</summary>
    public Figures? GenAI { get; init; }

    /// <summary>Those of the arm that the bound is relative to.</summary>
    public Figures? Unit { get; init; }

    /// <summary>The fastest arm of a fixed length that is the same but for that length, by the medians.</summary>
    public string? BestFixedName { get; init; }

    /// <summary>Those of that arm.</summary>
    public Figures? BestFixed { get; init; }
}
