namespace Minions.Core.Drafting.Economy;

/// <summary>
/// What it tells of the ids that drafts will have accepted how likely they held those of the prompt, which they read anyway: much where prompts
/// and answers are of one kind, nothing where drafts were made for answers alone. Learnt from rounds in which they ran side by side.
/// </summary>
internal sealed class ReadingValue
{
    private const double Forgetting = 0.998;

    // Until rounds show it: what was held likelier by some part is accepted more often by that part.
    private const double PriorSlope = 1;
    private const double PriorSquares = 0.2;

    // Ids a round by which the best draft has to be ahead of the worst. One that is close behind it need not be told from it.
    private const double LeastLead = 0.03;

    private double _products = PriorSlope * PriorSquares;
    private double _squares = PriorSquares;
    private FadingMean _lossOfBest;

    /// <summary>The ids a round that a draft has accepted more than one by which every id of the prompt was held less likely by 1.</summary>
    public double Slope => Math.Max(0, _products / _squares);

    /// <summary>Learns from a round of drafts that have read a prompt.</summary>
    public void Learn(PanelRound round)
    {
        int best = Best(round.Running, round.Fits);
        if (!DraftSet.Has(round.Polled, best))
            return;

        _lossOfBest.Add(round.Accepted - round.Alone[best], Forgetting);
        _products *= Forgetting;
        _squares *= Forgetting;
        for (int i = 0; i < round.Fits.Length; i++)
        {
            if (i == best || !DraftSet.Has(round.Polled, i))
                continue;

            double lead = round.Fits[best].Mean - round.Fits[i].Mean;
            _products += lead * (round.Alone[best] - round.Alone[i]);
            _squares += lead * lead;
        }
    }

    /// <summary>The ids a round that a panel is expected to lose with one of its drafts alone.</summary>
    public double LossAlone(int draft, ulong panel, ReadOnlySpan<TextFit> fits) =>
        _lossOfBest.Mean + Slope * (fits[Best(panel, fits)].Mean - fits[draft].Mean);

    /// <summary>The draft of a panel that is expected to do best, one bit; 0 where it makes no difference.</summary>
    public ulong BestReader(ulong panel, ReadOnlySpan<TextFit> fits)
    {
        int best = Best(panel, fits);
        double lead = 0;
        for (int i = 0; i < fits.Length; i++)
        {
            if (DraftSet.Has(panel, i))
                lead = Math.Max(lead, fits[best].Mean - fits[i].Mean);
        }

        return Slope * lead >= LeastLead ? 1UL << best : 0;
    }

    private static int Best(ulong panel, ReadOnlySpan<TextFit> fits)
    {
        int best = -1;
        for (int i = 0; i < fits.Length; i++)
        {
            if (DraftSet.Has(panel, i) && (best < 0 || fits[i].Mean > fits[best].Mean))
                best = i;
        }

        return best;
    }
}
