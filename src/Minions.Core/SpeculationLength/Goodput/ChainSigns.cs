namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>
/// Reads in a round's own proposals how far its chain will be accepted. What a draft's probability is worth, and what agreement is, differs
/// from model to model and from text to text, so it is learnt.
/// </summary>
internal sealed class ChainSigns
{
    private const double Drift = 0.005;
    private const double LeastMeaning = 0.2;
    private const double SurestStop = 0.95;

    private readonly SharedKnowledge _shared;
    private readonly LogisticRule _acceptance;
    private readonly LogisticRule _survival;
    private readonly double[] _logOdds;
    private readonly double[] _support;
    private readonly double[] _product;
    private int _known;

    /// <summary>Starts from what all requests know. The caller keeps others from writing.</summary>
    public ChainSigns(SharedKnowledge shared, int positions)
    {
        _shared = shared;
        _acceptance = new LogisticRule(shared.Acceptance, Drift);
        _survival = new LogisticRule(shared.Survival, Drift);
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
            _logOdds[i] = LogisticRule.LogOdds(probability);
            _support[i] = chain.Support[i] - 1;
            _product[i] = LogisticRule.LogOdds(product);
        }
    }

    /// <summary>How many ids of the chain that was read are worth their rows. What drafting cost is spent and counts no more.</summary>
    public int CountWorthwhile(in RoundPrice price)
    {
        int best = 0;
        double value = 0, mostValue = 0, survives = 1;
        for (int i = 0; i < _known; i++)
        {
            survives *= _acceptance.Predict(_logOdds[i], _support[i]);
            value += survives - price.OfRow(i);
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

        double logOdds = (LogisticRule.LogOdds(Math.Min(chance, SurestStop)) - _survival.Bias) / _survival.FirstWeight;
        return (float)Math.Min(LogisticRule.Probability(logOdds), SurestStop);
    }

    /// <summary>Learns from what the target said to the chain that was read last.</summary>
    public void Observe(in RoundObservation round) => Observe(_acceptance, _survival, round);

    /// <summary>Lets all requests know.</summary>
    public void Share(in RoundObservation round) => Observe(_shared.Acceptance, _shared.Survival, round);

    private void Observe(LogisticRule acceptance, LogisticRule survival, in RoundObservation round)
    {
        int verified = Math.Min(_known, round.ChainLength);
        for (int i = 0; i < verified; i++)
        {
            survival.Learn(_product[i], 0, round.Accepted > i);
            if (i <= round.Accepted)
                acceptance.Learn(_logOdds[i], _support[i], round.Accepted > i);
        }
    }
}
