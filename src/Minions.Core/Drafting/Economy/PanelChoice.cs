using System.Numerics;

namespace Minions.Core.Drafting.Economy;

/// <summary>Which smaller panel gives the most ids a second.</summary>
/// <param name="Panel">The panel to go on with.</param>
/// <param name="Gain">How many more ids a round it should have accepted; mostly negative, for it is chosen to save time.</param>
internal readonly record struct PanelChoice(ulong Panel, double Gain)
{
    /// <summary>Another panel has to be this much better: the figures are never that exact, and a change forgets some of them.</summary>
    public const double Hysteresis = 1.02;

    /// <summary>Samples before a draft can be judged.</summary>
    public const double LeastSamples = 4;

    /// <summary>Chooses among a panel, the panel without one of its drafts, each of its drafts alone, and none at all.</summary>
    /// <param name="panel">The panel as it is, not empty.</param>
    /// <param name="evidence">What its rounds tell.</param>
    /// <param name="costs">What rounds cost.</param>
    /// <param name="mayBeEmpty">Whether plain decoding is allowed.</param>
    public static PanelChoice Make(ulong panel, PanelEvidence evidence, PanelCosts costs, bool mayBeEmpty)
    {
        var best = new PanelChoice(panel, 0);
        double accepted = evidence.Accepted.Mean;
        if (evidence.Accepted.Count < LeastSamples)
            return best;

        double value = costs.Goodput(panel, accepted) * Hysteresis;
        for (ulong rest = panel; rest != 0; rest &= rest - 1)
        {
            ulong draft = rest & ~(rest - 1);
            int index = BitOperations.TrailingZeroCount(draft);
            if (panel != draft)
            {
                Consider(panel & ~draft, evidence.LossWithout(index));
                Consider(draft, evidence.LossAlone(index));
            }
        }

        // In doubt the last draft goes on: while none runs, nothing but a probe can tell that the text has become easier.
        bool isUseless = evidence.Accepted.Count >= 2 * LeastSamples
            && costs.Goodput(0, 0) > costs.Goodput(panel, accepted + 2 * evidence.ErrorOf(evidence.Accepted)) * Hysteresis;
        if (mayBeEmpty && isUseless)
            Take(0, -accepted, costs.Goodput(0, 0));
        return best;

        void Consider(ulong candidate, FadingMean loss)
        {
            if (loss.Count >= LeastSamples)
                Take(candidate, -loss.Mean, costs.Goodput(candidate, accepted - loss.Mean - evidence.ErrorOf(loss)));
        }

        void Take(ulong candidate, double gain, double candidateValue)
        {
            if (candidateValue > value)
                (best, value) = (new PanelChoice(candidate, gain), candidateValue);
        }
    }

    /// <summary>Chooses the draft of a panel that does best alone, as far as is known: the first when nothing is.</summary>
    public static PanelChoice Alone(ulong panel, PanelEvidence evidence, PanelCosts costs) =>
        Best(new PanelChoice(panel & ~(panel - 1), 0), panel, alone: true, evidence, costs);

    /// <summary>Chooses the draft that a panel does best without, as far as is known: none when nothing is.</summary>
    public static PanelChoice WithoutWorst(ulong panel, PanelEvidence evidence, PanelCosts costs) =>
        Best(new PanelChoice(panel, 0), panel, alone: false, evidence, costs);

    private static PanelChoice Best(PanelChoice best, ulong panel, bool alone, PanelEvidence evidence, PanelCosts costs)
    {
        double value = double.NegativeInfinity;
        for (ulong rest = panel; rest != 0; rest &= rest - 1)
        {
            ulong draft = rest & ~(rest - 1);
            int index = BitOperations.TrailingZeroCount(draft);
            FadingMean loss = alone ? evidence.LossAlone(index) : evidence.LossWithout(index);
            if (loss.Count == 0 || costs.Drafting(index) <= 0)
                continue;

            ulong candidate = alone ? draft : panel & ~draft;
            double candidateValue = costs.Goodput(candidate, evidence.Accepted.Mean - loss.Mean);
            if (candidateValue > value)
                (best, value) = (new PanelChoice(candidate, -loss.Mean), candidateValue);
        }

        return best;
    }
}
