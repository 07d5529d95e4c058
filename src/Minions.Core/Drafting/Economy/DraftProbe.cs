namespace Minions.Core.Drafting.Economy;

/// <summary>A draft that rested runs for some rounds beside the panel, to see whether it has become useful.</summary>
internal sealed class DraftProbe(int drafts)
{
    /// <summary>The rounds a probe takes: with fewer, chance decides; each costs the draft's time.</summary>
    public const int Rounds = 4;

    // Four rounds can flatter: a gain counts as if two more had shown none.
    private const double Trust = (double)Rounds / (Rounds + 2);

    private readonly PanelEvidence _before = new(drafts, PanelEvidence.OfRounds);
    private FadingMean _gain;
    private FadingMean _gainAlone;

    /// <summary>The draft, or -1 while there is no probe.</summary>
    public int Draft { get; private set; } = -1;

    public bool IsOn => Draft >= 0;

    public bool IsDecided => _gain.Count >= Rounds;

    /// <summary>The ids a round that the draft added.</summary>
    public double Gain => _gain.Mean;

    /// <summary>Begins.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="evidence">What is known of the panel without it.</param>
    public void Begin(int draft, PanelEvidence evidence)
    {
        Draft = draft;
        _gain = _gainAlone = default;
        _before.CopyFrom(evidence);
    }

    public void Learn(PanelRound round)
    {
        if (!DraftSet.Has(round.Polled, Draft))
            return;

        _gain.Add(round.Accepted - round.Without[Draft], forgetting: 1);
        _gainAlone.Add(round.Alone[Draft] - round.Without[Draft], forgetting: 1);
    }

    /// <summary>Whether the draft is worth its time, beside the panel or in its place: the vote may not trust it yet.</summary>
    /// <param name="without">The panel without the draft.</param>
    /// <param name="accepted">The ids a round that the panel with the draft has accepted.</param>
    /// <param name="costs">What rounds cost.</param>
    public bool HasEarned(ulong without, double accepted, PanelCosts costs)
    {
        double usual = accepted - Gain * Trust;
        double together = costs.Goodput(without | 1UL << Draft, accepted);
        double alone = costs.Goodput(1UL << Draft, usual + _gainAlone.Mean * Trust - _gainAlone.Error(PanelEvidence.OfRounds));
        return Math.Max(together, alone) > costs.Goodput(without, usual) * PanelChoice.Hysteresis;
    }

    /// <summary>Ends.</summary>
    /// <param name="evidence">Receives what was known before, unless the draft stays.</param>
    /// <param name="stays">Whether the draft stays.</param>
    public void End(PanelEvidence evidence, bool stays)
    {
        Draft = -1;
        if (!stays)
            evidence.CopyFrom(_before);
    }
}
