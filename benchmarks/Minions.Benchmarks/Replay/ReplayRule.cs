using Minions.Benchmarks.LengthRules;
using Minions.Core;
using Minions.Core.Speculation;
using Minions.Core.Speculation.Goodput;

namespace Minions.Benchmarks.Replay;

/// <summary>A rule under comparison.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Create">Makes a controller, which has learnt nothing.</param>
/// <param name="RunsAllDrafts">Whether every draft runs in every round that drafts; otherwise the rule says which.</param>
internal sealed record ReplayRule(string Name, Func<ISpeculationLengthController> Create, bool RunsAllDrafts = true)
{
    /// <summary>The lengths among which the best fixed one is sought.</summary>
    public static IReadOnlyList<int> FixedLengths { get; } = [0, 1, 2, 3, 4, 6, 8, 12, 16];

    public static IReadOnlyList<ReplayRule> Fixed { get; } = [.. FixedLengths.Select(length => new ReplayRule($"fixed {length}", () => new FixedSpeculationLength(length)))];

    public static ReplayRule Plain => Fixed[0];

    public static ReplayRule Goodput { get; } = Tuned(SpeculationTuning.Default);

    public static IReadOnlyList<ReplayRule> All { get; } =
    [
        .. Fixed,
        new("trend", () => new TrendSpeculationLength()),
        new("moving average", () => new MovingAverageSpeculationLength()),
        Goodput,
    ];

    public static ReplayRule Tuned(SpeculationTuning tuning) => new("goodput", () => new GoodputSpeculationLength(tuning), RunsAllDrafts: false);
}
