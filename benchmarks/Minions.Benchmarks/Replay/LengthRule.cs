using Minions.Core;
using Minions.Core.SpeculationLength;

namespace Minions.Benchmarks.Replay;

/// <summary>A rule under comparison.</summary>
internal sealed record LengthRule(string Name, Func<ISpeculationLengthController> Create)
{
    /// <summary>The lengths among which the best fixed one is sought.</summary>
    public static IReadOnlyList<int> FixedLengths { get; } = [0, 1, 2, 3, 4, 6, 8, 12, 16];

    public static IReadOnlyList<LengthRule> Fixed { get; } = [.. FixedLengths.Select(length => new LengthRule($"fixed {length}", () => new FixedSpeculationLength(length)))];

    public static LengthRule Trend { get; } = new("trend", () => new TrendSpeculationLength());

    public static LengthRule Goodput { get; } = new("goodput", () => new GoodputSpeculationLength());
}
