namespace Minions.Core.Speculation;

/// <summary>The rules for speculation lengths that come with the library.</summary>
public enum SpeculationLengthRule
{
    /// <summary>The length with the greatest predicted number of ids per second, see <see cref="GoodputSpeculationLength"/>. The default.</summary>
    Goodput,

    /// <summary>The rule of the paper, see <see cref="TrendSpeculationLength"/>.</summary>
    Trend,

    /// <summary>Always the same length, see <see cref="FixedSpeculationLength"/>.</summary>
    Fixed,
}
