using System.Reflection;
using Minions.Core.Speculation.Goodput;

namespace Minions.Benchmarks.Replay;

/// <summary>A number of <see cref="SpeculationTuning"/>, which can be halved and doubled.</summary>
internal sealed class TuningNumber
{
    private readonly PropertyInfo _property;

    private TuningNumber(PropertyInfo property) => _property = property;

    /// <summary>All numbers, in their order there.</summary>
    public static IReadOnlyList<TuningNumber> All { get; } =
        [.. typeof(SpeculationTuning).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => new TuningNumber(property))];

    public string Name => _property.Name;

    /// <summary>The number in a tuning.</summary>
    public double Of(SpeculationTuning tuning) => Convert.ToDouble(_property.GetValue(tuning), null);

    /// <summary>The default tuning, with this number so many times as large.</summary>
    /// <remarks>
    /// Of a number between one half and 1, a chance or what a round counts of the next, it is the distance to 1 that is divided: it stays one.
    /// Whole numbers stay whole, powers of 2 stay powers of 2.
    /// </remarks>
    /// <param name="factor">One half or 2.</param>
    public SpeculationTuning Scaled(double factor)
    {
        SpeculationTuning tuning = SpeculationTuning.Default with { };
        double value = Of(tuning);
        double scaled = value is > 0.5 and < 1 ? 1 - (1 - value) / factor : value * factor;
        _property.SetValue(tuning, _property.PropertyType == typeof(int) ? (object)Math.Max(1, (int)scaled) : scaled);
        return tuning;
    }
}
