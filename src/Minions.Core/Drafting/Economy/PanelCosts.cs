using System.Numerics;

namespace Minions.Core.Drafting.Economy;

/// <summary>What rounds cost on this machine, learnt from the rounds themselves: fading means that an outlier cannot upset.</summary>
internal sealed class PanelCosts
{
    private const double Forgetting = 0.95;

    // A neighbour's load or a collection of garbage may stretch one run tenfold; it counts as a threefold one.
    private const double Outlier = 3;

    private const int WarmUpRuns = 2;

    // Drafts that run side by side share caches and memory, and a processor that drafts does no other request's work: beside a longer one a
    // draft costs at least this part of its time.
    private const double PriceOfCompany = 0.25;

    // Many ids at once are much cheaper than one by one. The first probe measures how much.
    private const double UnknownCatchUp = 0.1;

    private readonly int _threads;
    private readonly CostMean[] _perId;
    private readonly CostMean[] _perNewId;
    private FadingMean _length;
    private CostMean _verify;
    private CostMean _plain;

    public PanelCosts(int drafts, int threads)
    {
        _threads = threads;
        _perId = new CostMean[drafts];
        _perNewId = new CostMean[drafts];
    }

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
        _length.Add(round.Length, Forgetting);
        for (int i = 0; i < _perId.Length; i++)
        {
            if (round.DraftSeconds[i] <= 0)
                continue;

            // A round feeds what the last one committed, at most its length and one id more; all beyond is catching up.
            int late = round.NewIds[i] - round.Length - 1;
            if (late <= 0)
                _perId[i].Add(round.DraftSeconds[i] / round.Length);
            else if (_perId[i].IsKnown)
                _perNewId[i].Add(Math.Max(0, round.DraftSeconds[i] - _perId[i].Mean * round.Length) / late);
        }
    }

    /// <summary>The seconds that a draft takes for a round of the usual length; 0 before it ran.</summary>
    public double Drafting(int draft) => _perId[draft].Mean * _length.Mean;

    /// <summary>The seconds that a panel takes for a round of the usual length, its drafts side by side.</summary>
    public double Drafting(ulong panel)
    {
        double longest = 0;
        double sum = 0;
        for (ulong rest = panel; rest != 0; rest &= rest - 1)
        {
            double own = Drafting(BitOperations.TrailingZeroCount(rest));
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
    public double CatchUp(int draft, int ids) =>
        Math.Max(0, ids) * (_perNewId[draft].IsKnown ? _perNewId[draft].Mean : _perId[draft].Mean * UnknownCatchUp);

    /// <summary>Ids a second.</summary>
    public double Goodput(ulong panel, double accepted) =>
        panel == 0 ? 1 / Plain : (1 + Math.Max(0, accepted)) / (Drafting(panel) + Verify);

    private double SideBySide(double longest, double sum) => Math.Max(sum / _threads, longest + PriceOfCompany * (sum - longest));

    private struct CostMean
    {
        private FadingMean _mean;
        private int _runs;

        public readonly bool IsKnown => _mean.Count > 0;

        public readonly double Mean => _mean.Mean;

        // The first runs of anything are slow: code is compiled, memory touched.
        public void Add(double seconds)
        {
            if (++_runs > WarmUpRuns)
                _mean.Add(IsKnown ? Math.Min(seconds, _mean.Mean * Outlier) : seconds, Forgetting);
        }
    }
}
