namespace Minions.Core.Speculation.Goodput;

/// <summary>What the requests of a pipeline learn together. Whoever reads or writes holds <see cref="Gate"/>.</summary>
internal sealed class SpeculationKnowledge
{
    private const double Drift = 0.0005;
    private double _voteGain = 5, _votePotential = 10;

    public SpeculationKnowledge(int drafts)
    {
        Costs = new CostModel(drafts);
        Window.Begin(0);
    }

    public Lock Gate { get; } = new();

    public CostModel Costs { get; }

    public AgreementWindow Window { get; } = new(SpeculationTuning.SharedPositions);

    public ReachRates Proposed { get; } = new();

    public ReachRates Verified { get; } = new();

    public KeptShare Kept { get; } = new();

    public OnlineLogisticRegression Acceptance { get; } = new([0, 0.8, 1], [1, 0.5, 1], Drift);

    public OnlineLogisticRegression Survival { get; } = new([0, 0.8, 0], [1, 0.5, 0], Drift);

    public GoodputRate Rate { get; } = new(SpeculationTuning.SharedRateDecay);

    public ProbeBudget Budget { get; } = new();

    public double VoteShare => Math.Clamp(_voteGain / _votePotential, -1, 1);

    public void LearnVote(double gain, double potential)
    {
        _voteGain = _voteGain * SpeculationTuning.VoteDecay + gain * potential;
        _votePotential = _votePotential * SpeculationTuning.VoteDecay + potential * potential;
    }
}

/// <summary>How likely rounds get to each position of what was planned: how often they end there for each time that the text is expected to differ there.</summary>
internal sealed class ReachRates
{
    private readonly double[] _ended = new double[64];
    private readonly double[] _expected = new double[64];

    public void Observe(int reached, int planned, ReadOnlySpan<double> survival)
    {
        for (int i = 0; i < 64; i++)
            (_ended[i], _expected[i]) = (_ended[i] * SpeculationTuning.ReachDecay, _expected[i] * SpeculationTuning.ReachDecay);
        double before = 1;
        for (int i = 0; i < Math.Min(planned, survival.Length) && i <= reached; i++)
        {
            _ended[i] += reached > i ? 0 : 1;
            _expected[i] += 1 - survival[i] / before;
            before = survival[i];
        }
    }

    public void Estimate(ReadOnlySpan<double> survival, Span<double> rates)
    {
        double ratio = SpeculationTuning.FirstReach, all = 1, before = 1;
        for (int i = 0; i < rates.Length; i++)
        {
            ratio = (_ended[i] + SpeculationTuning.ReachTrials * ratio) / (_expected[i] + SpeculationTuning.ReachTrials);
            rates[i] = all *= Math.Clamp(1 - ratio * (1 - survival[i] / before), 0, 1);
            before = survival[i];
        }
    }
}

/// <summary>The share of the ids expected to be accepted that were.</summary>
internal sealed class KeptShare
{
    private readonly double[] _expected = new double[64];
    private readonly double[] _accepted = new double[64];

    public void Observe(ReadOnlySpan<double> expected, int accepted, int planned)
    {
        for (int i = 0; i < 64; i++)
            (_expected[i], _accepted[i]) = (_expected[i] * SpeculationTuning.ReachDecay, _accepted[i] * SpeculationTuning.ReachDecay);
        for (int i = 0; i < Math.Min(planned, expected.Length); i++)
        {
            _expected[i] += expected[i];
            _accepted[i] += accepted > i ? 1 : 0;
        }
    }

    public void Estimate(Span<double> shares)
    {
        double share = 1;
        for (int i = 0; i < shares.Length; i++)
            shares[i] = share = (_accepted[i] + SpeculationTuning.KeptTrials * share) / (_expected[i] + SpeculationTuning.KeptTrials);
    }
}

/// <summary>Ids committed per cost, the older rounds counting less.</summary>
internal sealed class GoodputRate(double memory)
{
    private double _tokens;
    private double _cost;

    public double Value => _cost > 0 ? _tokens / _cost : 0;

    public void StartFrom(GoodputRate other, double cost) => (_tokens, _cost) = (other.Value * cost, other.Value > 0 ? cost : 0);

    public void Observe(double tokens, double cost)
    {
        _tokens = _tokens * memory + tokens;
        _cost = _cost * memory + cost;
    }
}

/// <summary>What may be spent on looking at drafts that rest: a share of all time.</summary>
internal sealed class ProbeBudget
{
    private double _balance = SpeculationTuning.BudgetStart;

    public void Earn(double cost) => _balance = Math.Min(_balance + cost * SpeculationTuning.BudgetShare, SpeculationTuning.BudgetStart);

    public bool TrySpend(double cost)
    {
        if (_balance < cost)
            return false;
        _balance -= cost;
        return true;
    }

    public void Book(double cost) => _balance -= cost;
}
