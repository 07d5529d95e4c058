using System.Numerics;
using System.Numerics.Tensors;

namespace Minions.Core.Drafting.Economy;

/// <summary>What rounds cost on this machine, learnt from the rounds themselves: fading means that an outlier cannot upset.</summary>
internal sealed class PanelCosts(int drafts, int threads)
{
    private const double Forgetting = 0.95;

    // Drafts that run side by side share caches and memory, and a processor that drafts does no other request's work: beside a longer one a
    // draft costs at least this part of its time.
    private const double PriceOfCompany = 0.25;

    private readonly DraftTimes _drafts = new(drafts, threads);
    private FadingMean _length;
    private CostMean _verify;
    private CostMean _plain;

    /// <summary>The seconds of a target run with a chain behind it; 0 before the first.</summary>
    public double Verify => _verify.Mean;

    /// <summary>The seconds of a plain step; before the first, those of a run with a chain, which is no less.</summary>
    public double Plain => _plain.IsKnown ? _plain.Mean : _verify.Mean;

    public void Observe(PanelRound round)
    {
        if (round.Length == 0)
        {
            _plain.Add(round.VerifySeconds);
            return;
        }

        _verify.Add(round.VerifySeconds);
        _length.Add(Math.Max(1, TensorPrimitives.Max<int>(round.Proposed)), Forgetting);
        _drafts.Observe(round);
    }

    /// <summary>The seconds that a draft takes alone for as many ids as are usually proposed; 0 before it ran.</summary>
    public double Drafting(int draft) => _drafts.OfId(draft, beside: false) * _length.Mean;

    /// <summary>The seconds that a panel takes for as many ids as are usually proposed, its drafts side by side.</summary>
    public double Drafting(ulong panel) => Step(panel) * _length.Mean;

    /// <summary>The seconds that a panel takes for one id, its drafts side by side.</summary>
    public double Step(ulong panel)
    {
        double longest = 0;
        double sum = 0;
        bool beside = BitOperations.PopCount(panel) > 1;
        for (ulong rest = panel; rest != 0; rest &= rest - 1)
        {
            double own = _drafts.OfId(BitOperations.TrailingZeroCount(rest), beside);
            longest = Math.Max(longest, own);
            sum += own;
        }

        return SideBySide(longest, sum);
    }

    /// <summary>The seconds that the drafts of this round took.</summary>
    public double Drafting(PanelRound round)
    {
        double longest = 0;
        double sum = 0;
        foreach (double own in round.DraftSeconds)
        {
            longest = Math.Max(longest, own);
            sum += own;
        }

        return SideBySide(longest, sum);
    }

    /// <summary>The seconds that a draft takes to catch up with ids it has not seen.</summary>
    public double CatchUp(int draft, int ids) => Math.Max(0, ids) * _drafts.OfNewId(draft);

    /// <summary>Ids a second.</summary>
    public double Goodput(ulong panel, double accepted) =>
        panel == 0 ? 1 / Plain : (1 + Math.Max(0, accepted)) / (Drafting(panel) + Verify);

    private double SideBySide(double longest, double sum) => Math.Max(sum / threads, longest + PriceOfCompany * (sum - longest));
}
