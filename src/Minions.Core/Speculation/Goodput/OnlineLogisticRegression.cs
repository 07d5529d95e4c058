namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// Predicts a yes or no from two signs, learning from one case after the other (Bayesian logistic regression, the posterior kept as a
/// normal distribution). What is known fades a little with each case, so that the rule follows a text that changes.
/// </summary>
internal sealed class OnlineLogisticRegression
{
    private const int Size = 3;

    private readonly double[] _weights = new double[Size];
    private readonly double[] _covariance = new double[Size * Size];
    private readonly double[] _prior = new double[Size];
    private readonly double _drift;

    /// <summary>Makes a rule that has seen nothing.</summary>
    /// <param name="weights">What is assumed of the bias and of the weight of each sign.</param>
    /// <param name="deviations">How far that may be off.</param>
    /// <param name="drift">The part of the first doubt that comes back with every case.</param>
    public OnlineLogisticRegression(ReadOnlySpan<double> weights, ReadOnlySpan<double> deviations, double drift)
    {
        _drift = drift;
        weights.CopyTo(_weights);
        for (int i = 0; i < Size; i++)
            _prior[i] = _covariance[i * Size + i] = deviations[i] * deviations[i];
    }

    /// <summary>Starts from what another rule knows, with a drift of its own.</summary>
    public OnlineLogisticRegression(OnlineLogisticRegression other, double drift)
    {
        _drift = drift;
        other._weights.CopyTo(_weights, 0);
        other._covariance.CopyTo(_covariance, 0);
        other._prior.CopyTo(_prior, 0);
    }

    /// <summary>What is known: the weights, then their covariance.</summary>
    public double[] Export() => [.. _weights, .. _covariance];

    /// <summary>Takes over what another rule knew.</summary>
    /// <returns>Whether it can be: nothing has changed otherwise.</returns>
    public bool TryImport(ReadOnlySpan<double> state)
    {
        if (state.Length != Size + Size * Size || state.ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
            return false;

        for (int i = 0; i < Size; i++)
        {
            if (state[Size + i * Size + i] < 0)
                return false;
        }

        state[..Size].CopyTo(_weights);
        state[Size..].CopyTo(_covariance);
        return true;
    }

    public double Bias => _weights[0];

    public double FirstWeight => _weights[1];

    /// <summary>The log of the odds, of a probability that may be 0, 1 or unknown.</summary>
    public static double LogOdds(double probability)
    {
        double clipped = double.IsNaN(probability) ? 0.5 : Math.Clamp(probability, 0.001, 0.999);
        return Math.Log(clipped / (1 - clipped));
    }

    public static double Probability(double logOdds) => 1 / (1 + Math.Exp(-logOdds));

    public double Predict(double first, double second) => Probability(_weights[0] + _weights[1] * first + _weights[2] * second);

    public void Learn(double first, double second, bool outcome)
    {
        ReadOnlySpan<double> signs = [1, first, second];
        Span<double> reach = stackalloc double[Size];
        double spread = 0;
        for (int i = 0; i < Size; i++)
        {
            ref double variance = ref _covariance[i * Size + i];
            variance = Math.Min(variance + _drift * _prior[i], _prior[i]);
        }

        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
                reach[i] += _covariance[i * Size + j] * signs[j];
            spread += reach[i] * signs[i];
        }

        double predicted = Predict(first, second);
        double information = predicted * (1 - predicted);
        double gain = 1 / (1 + information * spread);
        for (int i = 0; i < Size; i++)
        {
            _weights[i] += reach[i] * gain * ((outcome ? 1 : 0) - predicted);
            for (int j = 0; j < Size; j++)
                _covariance[i * Size + j] -= reach[i] * reach[j] * information * gain;
        }
    }
}
