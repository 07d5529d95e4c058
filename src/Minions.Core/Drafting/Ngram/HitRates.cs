namespace Minions.Core.Drafting.Ngram;

/// <summary>
/// How often a request's guesses of each class were right, on top of what was expected of them. This is what makes the probabilities of
/// proposals honest: they follow the text at hand, be it source code that repeats itself or a story that does not.
/// </summary>
/// <param name="expected">The expected share of each class, never 0 or 1.</param>
/// <param name="strength">How many observed guesses the expectation is worth.</param>
internal sealed class HitRates(float[] expected, int strength)
{
    private readonly int[] _trials = new int[Evidence.Count];
    private readonly int[] _hits = new int[Evidence.Count];

    public ReadOnlySpan<int> Trials => _trials;

    public ReadOnlySpan<int> Hits => _hits;

    public void Observe(int evidence, bool wasRight)
    {
        _trials[evidence]++;
        if (wasRight)
            _hits[evidence]++;
    }

    /// <summary>The probability that a guess of a class is right, in (0, 1].</summary>
    public float Of(int evidence) => (_hits[evidence] + strength * expected[evidence]) / (_trials[evidence] + strength);
}
