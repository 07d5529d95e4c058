namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// What happened at each position of a chain, relative to what was expected there; older rounds count less. A position of which little is known
/// is taken for like the one before it.
/// </summary>
/// <param name="first">What is assumed of the first position.</param>
/// <param name="trials">How much expected weighs as much as the position before.</param>
/// <param name="decay">What a round counts of the next one.</param>
internal sealed class PositionRatios(double first, double trials, double decay)
{
    private readonly double[] _happened = new double[Generation.GenerationOptions.MaximumSpeculationLength];
    private readonly double[] _expected = new double[Generation.GenerationOptions.MaximumSpeculationLength];

    /// <summary>Lets all rounds before count less. Called once a round.</summary>
    public void Fade()
    {
        System.Numerics.Tensors.TensorPrimitives.Multiply(_happened, decay, _happened);
        System.Numerics.Tensors.TensorPrimitives.Multiply(_expected, decay, _expected);
    }

    public void Add(int position, double happened, double expected)
    {
        _happened[position] += happened;
        _expected[position] += expected;
    }

    /// <summary>What is known: what happened at each position, then what was expected.</summary>
    public double[] Export() => [.. _happened, .. _expected];

    /// <summary>Takes over what others knew.</summary>
    /// <returns>Whether it can be: nothing has changed otherwise.</returns>
    public bool TryImport(ReadOnlySpan<double> state)
    {
        if (state.Length != _happened.Length + _expected.Length || state.ContainsAnyExceptInRange(0, double.MaxValue))
            return false;

        state[.._happened.Length].CopyTo(_happened);
        state[_happened.Length..].CopyTo(_expected);
        return true;
    }

    /// <summary>Estimates the ratio of each position.</summary>
    public void Estimate(Span<double> ratios)
    {
        double ratio = first;
        for (int i = 0; i < ratios.Length; i++)
            ratios[i] = ratio = (_happened[i] + trials * ratio) / (_expected[i] + trials);
    }
}

/// <summary>A ratio of two sums in which older rounds count less.</summary>
internal struct DecayedRatio
{
    private double _numerator;
    private double _denominator;

    /// <summary>How much was observed; older rounds count less.</summary>
    public readonly double Denominator => _denominator;

    /// <summary>0 before the first observation.</summary>
    public readonly double Value => _denominator > 0 ? _numerator / _denominator : 0;

    /// <summary>Starts from a value, as if it had been observed with some denominator.</summary>
    public void Start(double value, double denominator) => (_numerator, _denominator) = (value * denominator, value == 0 ? 0 : denominator);

    public void Add(double numerator, double denominator, double decay)
    {
        _numerator = _numerator * decay + numerator;
        _denominator = _denominator * decay + denominator;
    }
}
