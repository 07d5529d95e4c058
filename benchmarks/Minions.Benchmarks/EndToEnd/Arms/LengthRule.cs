using System.Globalization;
using Minions.Benchmarks.LengthRules;
using Minions.Core;
using Minions.Core.Speculation;

namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>A rule for the speculation length. Controllers learn, so each arm gets one of its own.</summary>
/// <param name="Name">The rule as typed.</param>
/// <param name="Create">Makes a controller.</param>
/// <param name="FixedLength">The length of a rule that never changes it.</param>
internal sealed record LengthRule(string Name, Func<ISpeculationLengthController> Create, int? FixedLength = null)
{
    /// <summary>The greatest length that the library takes.</summary>
    public const int Greatest = 64;

    private static readonly LengthRule[] Named =
    [
        new("trend", () => new TrendSpeculationLength()),
        new("moving", () => new MovingAverageSpeculationLength()),
        new("goodput", () => new GoodputSpeculationLength()),
    ];

    /// <summary>What can be typed, for messages.</summary>
    public static string Known { get; } = string.Join(", ", [$"a whole number from 0 to {Greatest}", .. Named.Select(rule => rule.Name)]);

    public static LengthRule Fixed(int length) =>
        new(length.ToString(CultureInfo.InvariantCulture), () => new FixedSpeculationLength(length), length);

    /// <summary>The rule of a name that is known to exist.</summary>
    public static LengthRule Of(string name) => Array.Find(Named, rule => rule.Name == name)!;

    /// <summary>Reads a length or the name of a rule.</summary>
    /// <returns>The rule, or <see langword="null"/> when there is none of that name.</returns>
    public static LengthRule? Find(string typed) =>
        int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length <= Greatest
            ? Fixed(length)
            : Array.Find(Named, rule => rule.Name == typed);
}
