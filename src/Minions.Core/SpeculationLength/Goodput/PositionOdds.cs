namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>
/// How often a chain that got to a position got past it: successes and trials for each position, the older ones counting less. A position
/// that is little known is taken for like its neighbours.
/// </summary>
internal sealed class PositionOdds(int positions, double memory)
{
    private const double NeighbourWeight = 30;
    private const double OthersWeight = 12;
    private const double Least = 0.001;

    private readonly double[] _successes = new double[positions];
    private readonly double[] _trials = new double[positions];

    // Instead of shrinking all counts in every round without a trial, they are shrunk when next a trial comes.
    private double _fade = 1;

    /// <summary>Counts a round.</summary>
    /// <param name="reached">The positions that were passed.</param>
    /// <param name="tried">The positions that were planned.</param>
    public void Observe(int reached, int tried)
    {
        // Positions that are not tried age as well: what was true behind an id that is never reached any more must not speak for the others.
        _fade *= memory;
        for (int i = 0; i < _trials.Length; i++)
            (_successes[i], _trials[i]) = (_successes[i] * _fade, _trials[i] * _fade);
        _fade = 1;

        for (int i = 0; i < Math.Min(tried, _trials.Length) && i <= reached; i++)
        {
            _successes[i] += reached > i ? 1 : 0;
            _trials[i]++;
        }
    }

    /// <summary>Lets what is known age without a trial.</summary>
    public void Fade(double factor) => _fade *= factor;

    /// <summary>Estimates the odds of each position from nothing but these counts.</summary>
    /// <param name="first">What is assumed of a position before any trial.</param>
    /// <param name="odds">Receives one estimate a position.</param>
    public void Estimate(double first, Span<double> odds)
    {
        double before = first;
        for (int i = 0; i < odds.Length; i++)
        {
            if (i < _trials.Length)
                before = (_successes[i] * _fade + NeighbourWeight * before) / (_trials[i] * _fade + NeighbourWeight);
            odds[i] = before;
        }
    }

    /// <summary>
    /// Turns the estimates of all requests into those of this one: its own trials move all positions together as far as they agree, and each
    /// by itself beyond that.
    /// </summary>
    /// <param name="odds">Holds one estimate a position and receives the sharper one.</param>
    public void Sharpen(Span<double> odds)
    {
        double surprise = 0;
        double trials = OthersWeight;
        int known = Math.Min(odds.Length, _trials.Length);
        for (int i = 0; i < known; i++)
        {
            surprise += (_successes[i] - odds[i] * _trials[i]) * _fade;
            trials += _trials[i] * _fade;
        }

        double shift = surprise / trials;
        for (int i = 0; i < odds.Length; i++)
        {
            double shifted = odds[i] + shift;
            if (i < known)
                shifted = (_successes[i] * _fade + OthersWeight * shifted) / (_trials[i] * _fade + OthersWeight);
            odds[i] = Math.Clamp(shifted, Least, 1 - Least);
        }
    }
}
