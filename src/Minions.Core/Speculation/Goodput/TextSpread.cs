namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// How much texts differ in how often drafts are right, from which follows how many ids of a text weigh as much as all texts before it: many where
/// texts are alike (empirical Bayes, the moments of a beta distribution, of all drafts together).
/// </summary>
/// <param name="drafts">The number of drafts.</param>
/// <param name="tuning">The numbers.</param>
internal sealed class TextSpread(int drafts, SpeculationTuning tuning)
{
    // What is assumed first weighs as much as so many texts; what a text counts of the next one.
    private const double FirstTexts = 4;
    private const double Decay = 0.95;
    private const int LeastKnown = 16;
    private const double LeastTrials = 2;

    private readonly DecayedRatio[] _rates = new DecayedRatio[drafts];
    private double _spread = FirstTexts * 0.25 / (tuning.TextTrials + 1);
    private double _most = FirstTexts * 0.25;

    /// <summary>How many ids of its own text weigh as much as all texts before it.</summary>
    public double Trials => _spread * (tuning.PriorTrials + 1) <= _most ? tuning.PriorTrials : Math.Max(LeastTrials, _most / _spread - 1);

    /// <summary>Learns from a text that ended.</summary>
    /// <param name="draft">A draft.</param>
    /// <param name="right">How often it was right.</param>
    /// <param name="known">Of how many ids.</param>
    public void Add(int draft, int right, int known)
    {
        if (known < LeastKnown)
            return;

        if (_rates[draft].Denominator > 0)
        {
            // What both are off because they come from a few ids only is no difference.
            double rate = (double)right / known, usual = _rates[draft].Value;
            double noise = rate * (1 - rate) / (known - 1) + usual * (1 - usual) / _rates[draft].Denominator;
            _spread = _spread * Decay + (rate - usual) * (rate - usual) - noise;
            _most = _most * Decay + usual * (1 - usual);
        }

        _rates[draft].Add(right, known, Decay);
    }

    /// <summary>What is known: the spread and the most that it could be, then of each draft its rate and of how much.</summary>
    public double[] Export() => [_spread, _most, .. _rates.SelectMany(rate => new[] { rate.Value, rate.Denominator })];

    /// <summary>Takes over what others knew.</summary>
    /// <returns>Whether it can be: nothing has changed otherwise.</returns>
    public bool TryImport(ReadOnlySpan<double> state)
    {
        if (state.Length != 2 + 2 * drafts || state.ContainsAnyExceptInRange(-1e6, 1e6) || state[1] <= 0)
            return false;

        for (int i = 2; i < state.Length; i += 2)
        {
            if (state[i] is < 0 or > 1 || state[i + 1] < 0)
                return false;
        }

        (_spread, _most) = (state[0], state[1]);
        for (int i = 0; i < drafts; i++)
            _rates[i].Start(state[2 + 2 * i], state[3 + 2 * i]);
        return true;
    }
}
