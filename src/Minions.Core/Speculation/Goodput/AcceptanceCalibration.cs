namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// Reads in a round's own proposals how far its chain will be accepted. What a draft's probability is worth, and what agreement is, differs
/// from model to model and from text to text, so it is learnt.
/// </summary>
internal sealed class AcceptanceCalibration
{
    private const double Drift = 0.005;
    private const double LeastMeaning = 0.2;
    private const double SurestStop = 0.95;

    private readonly SpeculationKnowledge _shared;
    private readonly OnlineLogisticRegression _acceptance;
    private readonly OnlineLogisticRegression _survival;
    private readonly double[] _logOdds;
    private readonly double[] _support;
    private readonly double[] _product;
    private int _known;

    /// <summary>Starts from what all requests know. The caller holds the lock.</summary>
    public AcceptanceCalibration(SpeculationKnowledge shared, int positions)
    {
        _shared = shared;
        _acceptance = new OnlineLogisticRegression(shared.Acceptance, Drift);
        _survival = new OnlineLogisticRegression(shared.Survival, Drift);
        (_logOdds, _support, _product) = (new double[positions], new double[positions], new double[positions]);
    }

    public void Clear() => _known = 0;

    public void Read(in ChainOutlook chain)
    {
        _known = Math.Min(chain.Length, _logOdds.Length);
        double product = 1;
        for (int i = 0; i < _known; i++)
        {
            double probability = chain.Probabilities[i];
            product *= double.IsNaN(probability) ? 0.5 : probability;
            _logOdds[i] = OnlineLogisticRegression.LogOdds(probability);
            _support[i] = chain.Support[i] - 1;
            _product[i] = OnlineLogisticRegression.LogOdds(product);
        }
    }

    /// <summary>How many ids of the chain that was read are worth their rows. What drafting cost is spent and counts no more.</summary>
    public int CountWorthwhile(in MarginalCost cost)
    {
        int best = 0;
        double value = 0, mostValue = 0, survives = 1;
        for (int i = 0; i < _known; i++)
        {
            survives *= _acceptance.Predict(_logOdds[i], _support[i]);
            value += survives - cost.OfRow(i);
            if (value >= mostValue)
                (best, mostValue) = (i + 1, value);
        }

        return best;
    }

    /// <summary>The product of a draft's probabilities below which an id has less than some chance of being accepted.</summary>
    public float StopBelow(double chance)
    {
        if (_survival.FirstWeight < LeastMeaning)
            return 0;

        double logOdds = (OnlineLogisticRegression.LogOdds(Math.Min(chance, SurestStop)) - _survival.Bias) / _survival.FirstWeight;
        return (float)Math.Min(OnlineLogisticRegression.Probability(logOdds), SurestStop);
    }

    /// <summary>Learns from what the target said to the chain that was read last, for this request and for all. The caller holds the lock.</summary>
    public void Observe(SpeculationRound round)
    {
        int verified = Math.Min(_known, round.ChainLength);
        for (int i = 0; i < verified; i++)
        {
            bool accepted = round.Accepted > i;
            _survival.Learn(_product[i], 0, accepted);
            _shared.Survival.Learn(_product[i], 0, accepted);
            if (i <= round.Accepted)
            {
                _acceptance.Learn(_logOdds[i], _support[i], accepted);
                _shared.Acceptance.Learn(_logOdds[i], _support[i], accepted);
            }
        }
    }
}
