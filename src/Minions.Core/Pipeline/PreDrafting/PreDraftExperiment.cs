using Minions.Core.Generation;

namespace Minions.Core.Pipeline.PreDrafting;

/// <summary>
/// Finds out whether pre-drafting pays: for some rounds the other way is tried, and their time is compared with what rounds of the same lengths
/// usually take. Pre-drafting changes no chain, so times tell all, and far sooner than ids a second would. Shared by the requests of a
/// pipeline; reads no clock.
/// </summary>
/// <param name="always">Whether to pre-drafting without asking.</param>
internal sealed class PreDraftExperiment(bool always)
{
    /// <summary>The rounds that a trial takes.</summary>
    public const int TrialRounds = 8;

    /// <summary>The most rounds between two trials: one round of a hundred is spent on them in the end.</summary>
    public const int LongestRest = 99 * TrialRounds;

    private const double RoundDecay = 0.95;
    private const double TrialDecay = 0.8;

    // A neighbour's load or a collection of garbage may stretch one round tenfold; it counts as a threefold one.
    private const double Outlier = 3;

    // What a trial's outcome may be off by chance, as a share of the time, and the share that has to be gained for certain.
    private const double Doubt = 0.05;
    private const double LeastGain = 0.01;
    private const double LeastTrials = 1.5;

    private readonly Lock _gate = new();
    private readonly DecayedMean[] _usual = new DecayedMean[GenerationOptions.MaximumSpeculationLength + 1];
    private DecayedMean _gain;
    private bool _isBetter;
    private bool _tries;
    private int _rounds;
    private int _rest = TrialRounds;
    private double _actual;
    private double _expected;

    /// <summary>Whether the next round of a request that is alone is to pre-draft.</summary>
    public bool IsOn
    {
        get
        {
            if (always)
                return true;
            lock (_gate)
                return _isBetter != _tries;
        }
    }

    /// <summary>Learns from a round.</summary>
    /// <param name="wasOn">Whether drafts pre-drafted, in this round and in the one before.</param>
    /// <param name="length">The planned length.</param>
    /// <param name="seconds">The time from commit to commit.</param>
    public void Observe(bool wasOn, int length, double seconds)
    {
        if (always || seconds <= 0)
            return;

        lock (_gate)
        {
            // A round that began before the last change tells nothing.
            if (wasOn != (_isBetter != _tries))
                return;

            ref DecayedMean usual = ref _usual[length];
            double counted = usual.Count > 0 ? Math.Min(seconds, usual.Mean * Outlier) : seconds;
            _rounds++;
            if (_tries)
                Compare(usual, counted);
            else
                Learn(ref usual, counted);
        }
    }

    private void Learn(ref DecayedMean usual, double seconds)
    {
        usual.Add(seconds, RoundDecay);
        if (_rounds < _rest)
            return;

        (_tries, _rounds, _actual, _expected) = (true, 0, 0, 0);
    }

    private void Compare(in DecayedMean usual, double seconds)
    {
        if (usual.Count > 0)
            (_actual, _expected) = (_actual + seconds, _expected + usual.Mean);
        if (_rounds < TrialRounds)
            return;

        (_tries, _rounds) = (false, 0);
        _rest = Math.Min(_rest * 2, LongestRest);
        if (_expected > 0)
            _gain.Add(1 - _actual / _expected, TrialDecay);
        if (_gain.Count > LeastTrials && _gain.Mean - _gain.Error(Doubt) > LeastGain)
            Change();
    }

    // What was the other way is now the usual one, and the usual one the other.
    private void Change()
    {
        double gain = _gain.Mean;
        _isBetter = !_isBetter;
        _rest = TrialRounds;
        Array.Clear(_usual);
        _gain = default;
        _gain.Add(-gain, TrialDecay);
    }
}
