using System.Numerics.Tensors;

namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// An extended Kalman filter on the logarithms of times: parameters with what is doubted of them, and of them together. What lies far outside
/// is clipped; what is known ages with every observation.
/// </summary>
internal sealed class KalmanFilter
{
    private const double Clip = 2.5;

    private readonly int _size;
    private readonly double[] _values;
    private readonly double[] _least;
    private readonly double[] _prior;
    private readonly double[] _drift;
    private readonly double[] _covariance;
    private readonly double[] _effect;
    private readonly double[] _reach;

    public KalmanFilter(int size)
    {
        _size = size;
        _values = new double[size];
        _least = new double[size];
        _prior = new double[size];
        _drift = new double[size];
        _covariance = new double[size * size];
        _effect = new double[size];
        _reach = new double[size];
    }

    public double this[int index] => _values[index];

    /// <summary>Says what is assumed of a parameter, and forgets what was learnt of it.</summary>
    /// <param name="index">The parameter.</param>
    /// <param name="value">What is assumed.</param>
    /// <param name="deviation">How far that may be off.</param>
    /// <param name="drift">How far it moves between two observations.</param>
    /// <param name="least">The least that it can be.</param>
    public void Assume(int index, double value, double deviation, double drift, double least = double.NegativeInfinity)
    {
        for (int i = 0; i < _size; i++)
            _covariance[index * _size + i] = _covariance[i * _size + index] = 0;
        (_values[index], _drift[index], _least[index]) = (value, drift, least);
        _prior[index] = _covariance[index * _size + index] = deviation * deviation;
    }

    /// <summary>Assumes that parameters are the more like each other the nearer they are.</summary>
    public void Correlate(int first, int count, double neighbours)
    {
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                _covariance[(first + i) * _size + first + j] = _prior[first] * Math.Pow(neighbours, Math.Abs(i - j));
        }
    }

    /// <summary>How far a parameter may be off.</summary>
    public double Deviation(int index) => Math.Sqrt(Math.Max(0, _covariance[index * _size + index]));

    /// <summary>Doubts a parameter more, at most as much as at first.</summary>
    public void Doubt(int index, double deviation)
    {
        ref double variance = ref _covariance[index * _size + index];
        variance = Math.Min(variance + deviation * deviation, _prior[index]);
    }

    /// <summary>What is known: the parameters, then their covariance.</summary>
    public double[] Export() => [.. _values, .. _covariance];

    /// <summary>Takes over what another filter of the same parameters knew.</summary>
    /// <returns>Whether it can be: nothing has changed otherwise.</returns>
    public bool TryImport(ReadOnlySpan<double> state)
    {
        if (state.Length != _values.Length + _covariance.Length || state.ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
            return false;

        ReadOnlySpan<double> covariance = state[_size..];
        for (int i = 0; i < _size; i++)
        {
            if (state[i] < _least[i] || covariance[i * _size + i] < 0)
                return false;
        }

        state[.._size].CopyTo(_values);
        covariance.CopyTo(_covariance);
        return true;
    }

    /// <summary>Begins an observation.</summary>
    /// <returns>By how much each parameter bends the logarithm of the time, to be filled in.</returns>
    public Span<double> Effects()
    {
        Array.Clear(_effect);
        return _effect;
    }

    /// <summary>Learns from the observation begun.</summary>
    /// <param name="surprise">The logarithm of the time over the expected one.</param>
    /// <param name="deviation">What such times scatter by.</param>
    /// <param name="tellers">How many will tell of the same run: the news are one only.</param>
    public void Learn(double surprise, double deviation, int tellers)
    {
        for (int i = 0; i < _size; i++)
        {
            ref double doubt = ref _covariance[i * _size + i];
            doubt = Math.Min(doubt + _drift[i] * _drift[i] / tellers, _prior[i]);
        }

        Array.Clear(_reach);
        for (int i = 0; i < _size; i++)
        {
            if (_effect[i] != 0)
                TensorPrimitives.MultiplyAdd(Row(i), _effect[i], _reach, _reach);
        }

        double variance = deviation * deviation * tellers + TensorPrimitives.Dot<double>(_reach, _effect);
        double limit = Clip * Math.Sqrt(variance);
        double step = Math.Clamp(surprise, -limit, limit) / variance;
        for (int i = 0; i < _size; i++)
        {
            _values[i] = Math.Max(_least[i], _values[i] + _reach[i] * step);
            Span<double> row = Row(i);
            TensorPrimitives.MultiplyAdd<double>(_reach, -_reach[i] / variance, row, row);
        }
    }

    private Span<double> Row(int index) => _covariance.AsSpan(index * _size, _size);
}
