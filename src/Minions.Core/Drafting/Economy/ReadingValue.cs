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

    private double _products;
    private double _squares;
    private FadingMean _lossOfBest;

    /// <summary>The ids a round that a draft has accepted more than one by which every id of the prompt was held less likely by 1.</summary>
    public double Slope => Math.Max(0, (_products + PriorSlope * PriorSquares) / (_squares + PriorSquares));

    /// <summary>The ids a round that a panel loses with its best reader alone.</summary>
    public double LossOfBest => _lossOfBest.Mean;

    /// <summary>Learns from a round of drafts that have read a prompt.</summary>
    /// <param name="round">The round.</param>
    /// <param name="readers">Those drafts, one bit each, two at least.</param>
    /// <param name="fits">How they held it.</param>
    public void Learn(PanelRound round, ulong readers, ReadOnlySpan<TextFit> fits)
    {
        int best = Best(readers, fits);
        if (!DraftSet.Has(round.Polled, best))
            return;

        _lossOfBest.Add(round.Accepted - round.Alone[best], Forgetting);
        _products *= Forgetting;
        _squares *= Forgetting;
        for (int i = 0; i < fits.Length; i++)
        {
            if (i == best || !DraftSet.Has(readers & round.Polled, i))
                continue;

            double lead = fits[best].Mean - fits[i].Mean;
            _products += lead * (round.Alone[best] - round.Alone[i]);
            _squares += lead * lead;
        }
    }

    /// <summary>The reader that is expected to do best, one bit; 0 where it makes no difference.</summary>
    /// <param name="readers">The drafts that have read the prompt, one bit each, two at least.</param>
    /// <param name="fits">How they held it.</param>
    public ulong BestReader(ulong readers, ReadOnlySpan<TextFit> fits)
    {
        int best = Best(readers, fits);
        double lead = 0;
        for (int i = 0; i < fits.Length; i++)
        {
            if (DraftSet.Has(readers, i))
                lead = Math.Max(lead, fits[best].Mean - fits[i].Mean);
        }

        return Slope * lead >= LeastLead ? 1UL << best : 0;
    }

    private static int Best(ulong readers, ReadOnlySpan<TextFit> fits)
    {
        int best = -1;
        for (int i = 0; i < fits.Length; i++)
        {
            if (DraftSet.Has(readers, i) && (best < 0 || fits[i].Mean > fits[best].Mean))
                best = i;
        }

        return best;
    }
}
