namespace Minions.Core.Diagnostics;

/// <summary>What the length controller chose for a request's rounds, what it expected of them and what came.</summary>
/// <param name="RoundsPerLength">At index i, the number of rounds planned with length i; the end of a request may have cut them.</param>
/// <param name="PredictedGoodput">Ids per second that the controller expected of the rounds it predicted, or 0 when it predicts nothing.</param>
/// <param name="ObservedGoodput">Ids committed per second of drafting and verification, over all rounds; 0 when there was none.</param>
public sealed record SpeculationLengthStatistics(IReadOnlyList<int> RoundsPerLength, double PredictedGoodput, double ObservedGoodput)
{
    /// <summary>The mean planned length, rounds of length 0 included; 0 when there was no round.</summary>
    public double MeanLength
    {
        get
        {
            long rounds = 0, ids = 0;
            for (int i = 0; i < RoundsPerLength.Count; i++)
                (rounds, ids) = (rounds + RoundsPerLength[i], ids + (long)i * RoundsPerLength[i]);
            return rounds == 0 ? 0 : (double)ids / rounds;
        }
    }
}
