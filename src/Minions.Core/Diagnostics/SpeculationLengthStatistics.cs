namespace Minions.Core.Diagnostics;

/// <summary>What the length controller chose for a request's rounds, what it expected of them and what came.</summary>
public sealed class SpeculationLengthStatistics
{
    internal SpeculationLengthStatistics()
    {
    }

    /// <summary>At index i, the number of rounds planned with length i; the end of a request may have cut them.</summary>
    public required IReadOnlyList<int> RoundsPerLength { get; init; }

    /// <summary>Ids per second that the controller expected of the rounds it predicted, or 0 when it predicts nothing.</summary>
    public required double PredictedGoodput { get; init; }

    /// <summary>Ids committed per second of drafting and verification, over all rounds; 0 when there was none.</summary>
    public required double ObservedGoodput { get; init; }

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
