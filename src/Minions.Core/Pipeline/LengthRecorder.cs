using Minions.Core.Diagnostics;
using Minions.Core.Speculation;

namespace Minions.Core.Pipeline;

/// <summary>Counts what one request's rounds were planned with, and what they were expected to give and gave.</summary>
internal sealed class LengthRecorder
{
    private readonly int[] _rounds = new int[Generation.GenerationOptions.MaximumSpeculationLength + 1];
    private double _expectedTokens;
    private double _expectedSeconds;
    private long _tokens;
    private double _seconds;

    public void Round(SpeculationRound round)
    {
        _rounds[round.Plan.Length]++;
        _expectedTokens += round.Plan.ExpectedTokens;
        _expectedSeconds += round.Plan.ExpectedTime.TotalSeconds;
        _tokens += round.Committed;
        _seconds += (round.DraftTime + round.VerifyTime).TotalSeconds;
    }

    /// <summary>Counts a round of a request that does not speculate.</summary>
    public void Plain(int committed, TimeSpan time)
    {
        _rounds[0]++;
        _tokens += committed;
        _seconds += time.TotalSeconds;
    }

    public SpeculationLengthStatistics Snapshot() => new()
    {
        RoundsPerLength = _rounds[..(Array.FindLastIndex(_rounds, count => count > 0) + 1)],
        PredictedGoodput = _expectedSeconds > 0 ? _expectedTokens / _expectedSeconds : 0,
        ObservedGoodput = _seconds > 0 ? _tokens / _seconds : 0,
    };
}
