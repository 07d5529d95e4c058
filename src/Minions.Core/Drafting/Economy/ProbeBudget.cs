namespace Minions.Core.Drafting.Economy;

/// <summary>
/// How often resting drafts are probed. Two bounds hold together: a draft rests twice as long after each probe in vain, and all probes
/// together cost no more than a share of the pipeline's time.
/// </summary>
internal sealed class ProbeBudget
{
    /// <summary>The part of the time of drafting and verification that probes may take.</summary>
    public const double Share = 0.015;

    /// <summary>The rounds a draft rests at first, and at least.</summary>
    public const int ShortestRest = 16;

    /// <summary>The most rounds a draft rests while there is time to probe it.</summary>
    public const int LongestRest = 256;

    /// <summary>
    /// When a text seems to have changed, waiting costs more than a probe: so many rounds' time may be spent before it is earned.
    /// </summary>
    public const double Loan = 16;

    // Unused time is kept for when a text changes, but not without end.
    private const double MostSavedRounds = 32;
    private const double RoundForgetting = 0.95;

    // The longer a draft rests, the more it has to catch up with, maybe faster than time is earned. So many rounds' time suffice to begin;
    // what a probe costs beyond them is earned before the next one.
    private const double Deposit = 4;

    private readonly int[] _rested;
    private readonly int[] _rest;
    private FadingMean _round;

    public ProbeBudget(int drafts)
    {
        _rested = new int[drafts];
        _rest = new int[drafts];
        Array.Fill(_rest, ShortestRest);
    }

    /// <summary>The seconds that may be spent; below 0 when an urgent probe was paid before its time was earned, or cost more than was foreseen.</summary>
    public double Seconds { get; private set; }

    /// <summary>Earns a share of a round's time.</summary>
    public void Earn(double roundSeconds)
    {
        _round.Add(roundSeconds, RoundForgetting);
        Seconds = Math.Min(Seconds + Share * roundSeconds, MostSavedRounds * _round.Mean);
    }

    public void Spend(double seconds) => Seconds -= Math.Max(0, seconds);

    /// <summary>Counts a round that a draft rested in.</summary>
    public void Rest(int draft) => _rested[draft]++;

    /// <summary>Whether a draft's rest is over and the probe can be paid.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="cost">The seconds the probe will add to the rounds it takes.</param>
    /// <param name="urgent">Whether the text seems to have changed, so that what was in vain before says little.</param>
    public bool Allows(int draft, double cost, bool urgent) =>
        urgent
            ? _rested[draft] >= ShortestRest && Seconds + Loan * _round.Mean >= cost
            : _rested[draft] >= _rest[draft] && Seconds >= Math.Min(cost, Deposit * _round.Mean);

    /// <summary>How long a draft has rested beyond what it must.</summary>
    public int Overdue(int draft) => _rested[draft] - _rest[draft];

    /// <summary>A draft leaves the panel for the first time since it earned its place.</summary>
    public void Dismiss(int draft) => _rested[draft] = 0;

    /// <summary>A probe has ended.</summary>
    public void Conclude(int draft, bool earnedItsPlace)
    {
        _rested[draft] = 0;
        _rest[draft] = earnedItsPlace ? ShortestRest : Math.Min(_rest[draft] * 2, LongestRest);
    }
}
