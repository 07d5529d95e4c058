using System.Numerics;

namespace Minions.Core.Drafting.Economy;

/// <summary>
/// What a panel's rounds tell of it and of smaller ones: accepted ids a round, and how many fewer they would have been without each draft or
/// with it alone. Differences within the same round vary far less than the rounds do.
/// </summary>
/// <param name="drafts">The number of drafts.</param>
/// <param name="doubt">The spread to reckon with before there are enough samples to show it, in ids.</param>
internal sealed class PanelEvidence(int drafts, double doubt)
{
    /// <summary>The spread of what rounds accept, in ids: some are right from end to end, some from the first id wrong.</summary>
    public const double OfRounds = 1;

    /// <summary>The spread of a request's mean, in ids.</summary>
    public const double OfRequests = 0.3;

    private readonly FadingMean[] _lossWithout = new FadingMean[drafts];
    private readonly FadingMean[] _lossAlone = new FadingMean[drafts];
    private FadingMean _accepted;

    /// <summary>Accepted ids a round.</summary>
    public FadingMean Accepted => _accepted;

    /// <summary>Ids a round that would be lost without the draft.</summary>
    public FadingMean LossWithout(int draft) => _lossWithout[draft];

    /// <summary>Ids a round that would be lost with the draft alone.</summary>
    public FadingMean LossAlone(int draft) => _lossAlone[draft];

    /// <summary>The standard error of one of these means.</summary>
    public double ErrorOf(FadingMean mean) => mean.Error(doubt);

    public void Add(PanelRound round, double forgetting)
    {
        _accepted.Add(round.Accepted, forgetting);
        for (ulong rest = round.Polled; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            _lossWithout[draft].Add(round.Accepted - round.Without[draft], forgetting);
            _lossAlone[draft].Add(round.Accepted - round.Alone[draft], forgetting);
        }
    }

    /// <summary>Adds what another panel of the same drafts showed on the average, as one sample.</summary>
    public void Add(PanelEvidence other, double forgetting)
    {
        _accepted.Add(other._accepted.Mean, forgetting);
        for (int i = 0; i < _lossWithout.Length; i++)
        {
            if (other._lossWithout[i].Count == 0)
                continue;

            _lossWithout[i].Add(other._lossWithout[i].Mean, forgetting);
            _lossAlone[i].Add(other._lossAlone[i].Mean, forgetting);
        }
    }

    public void CopyFrom(PanelEvidence other)
    {
        _accepted = other._accepted;
        other._lossWithout.CopyTo(_lossWithout, 0);
        other._lossAlone.CopyTo(_lossAlone, 0);
    }

    public void Clear()
    {
        _accepted = default;
        Array.Clear(_lossWithout);
        Array.Clear(_lossAlone);
    }

    /// <summary>Lets it all count as no more than some samples.</summary>
    public void Weaken(double samples)
    {
        _accepted.Weaken(samples);
        for (int i = 0; i < _lossWithout.Length; i++)
        {
            _lossWithout[i].Weaken(samples);
            _lossAlone[i].Weaken(samples);
        }
    }

    /// <summary>
    /// Carries over to another panel. What the loss of a draft costs depends on who else is there (of two equal drafts either can go, but not
    /// both), so that is forgotten.
    /// </summary>
    /// <param name="gain">How many more ids a round the new panel should have accepted.</param>
    /// <param name="samples">How much the old panel's rounds still count.</param>
    public void MoveOn(double gain, double samples)
    {
        Weaken(samples);
        _accepted.Shift(gain);
        for (int i = 0; i < _lossAlone.Length; i++)
            _lossAlone[i].Shift(gain);
        Array.Clear(_lossWithout);
    }
}
