namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// Reads in a round's own proposals how far its chain will be accepted. What a draft's probability is worth, and what agreement is, differs
/// from model to model and from text to text, so it is learnt.
/// </summary>
/// <param name="acceptance">Whether an id is accepted when the one before it was, from its probability and its support.</param>
/// <param name="survival">Whether a chain is accepted up to an id, from the product of the probabilities.</param>
internal sealed class AcceptanceCalibration(OnlineLogisticRegression acceptance, OnlineLogisticRegression survival)
{
    // Probabilities that say so little are no reason to stop, and none is a reason to stop everything.
    private const double LeastMeaning = 0.2;
    private const double SurestStop = 0.95;

    /// <summary>Predicts how likely a chain is accepted up to each of its ids.</summary>
    public void Predict(ReadOnlySpan<ChainSign> chain, Span<double> survives)
    {
        double all = 1;
        for (int i = 0; i < chain.Length; i++)
            survives[i] = all *= acceptance.Predict(chain[i].LogOdds, chain[i].Support);
    }

    /// <summary>The product of a draft's probabilities below which an id has less than some chance of being accepted.</summary>
    public float StopBelow(double chance)
    {
        if (survival.FirstWeight < LeastMeaning)
            return 0;

        double logOdds = (OnlineLogisticRegression.LogOdds(Math.Min(chance, SurestStop)) - survival.Bias) / survival.FirstWeight;
        return (float)Math.Min(OnlineLogisticRegression.Probability(logOdds), SurestStop);
    }

    /// <summary>Learns from what the target said to a chain.</summary>
    /// <param name="chain">The ids that were checked.</param>
    /// <param name="accepted">How many of them were accepted.</param>
    /// <param name="voted">How many of them were voted for. Only these tell where drafts had better stop.</param>
    public void Learn(ReadOnlySpan<ChainSign> chain, int accepted, int voted)
    {
        for (int i = 0; i < chain.Length; i++)
        {
            if (i < voted)
                survival.Learn(chain[i].LogOddsOfProduct, 0, accepted > i);
            if (i <= accepted)
                acceptance.Learn(chain[i].LogOdds, chain[i].Support, accepted > i);
        }
    }
}

/// <summary>What the proposals say about one id of a chain.</summary>
/// <param name="LogOdds">Of its probability.</param>
/// <param name="LogOddsOfProduct">Of the product of the probabilities up to it.</param>
/// <param name="Support">The share of the weight that speaks for it, less 1.</param>
internal readonly record struct ChainSign(double LogOdds, double LogOddsOfProduct, double Support)
{
    /// <summary>Reads a chain.</summary>
    /// <returns>How many ids were read.</returns>
    public static int Read(in ChainOutlook chain, Span<ChainSign> signs)
    {
        int length = Math.Min(chain.Length, signs.Length);
        double product = 1;
        for (int i = 0; i < length; i++)
        {
            double probability = chain.Probabilities[i];
            product *= double.IsNaN(probability) ? 0.5 : probability;
            signs[i] = new ChainSign(OnlineLogisticRegression.LogOdds(probability), OnlineLogisticRegression.LogOdds(product), chain.Support[i] - 1);
        }

        return length;
    }
}
