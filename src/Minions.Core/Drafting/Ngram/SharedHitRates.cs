namespace Minions.Core.Drafting.Ngram;

/// <summary>What all requests of a draft learnt about its guesses: where the next request starts from. Safe to use from several threads.</summary>
/// <param name="strength">How many observed guesses the built-in expectation is worth.</param>
internal sealed class SharedHitRates(int strength)
{
    // Old texts fade: beyond this many guesses of a class both counts shrink.
    private const double MostTrials = 1000;

    private readonly Lock _lock = new();
    private readonly float[] _builtIn = Evidence.Expectations();
    private readonly double[] _trials = new double[Evidence.Count];
    private readonly double[] _hits = new double[Evidence.Count];
    private volatile float[] _expected = Evidence.Expectations();

    /// <summary>What is expected of each class today. Never changes once given out.</summary>
    public float[] Expected => _expected;

    /// <summary>Learns from a request that ended.</summary>
    public void Absorb(HitRates request)
    {
        lock (_lock)
        {
            float[] expected = new float[Evidence.Count];
            for (int i = 0; i < expected.Length; i++)
            {
                _trials[i] += request.Trials[i];
                _hits[i] += request.Hits[i];
                double fade = Math.Min(1, MostTrials / Math.Max(1, _trials[i]));
                (_trials[i], _hits[i]) = (_trials[i] * fade, _hits[i] * fade);
                expected[i] = (float)((_hits[i] + strength * _builtIn[i]) / (_trials[i] + strength));
            }

            _expected = expected;
        }
    }
}
