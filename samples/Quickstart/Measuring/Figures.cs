using Minions.Core.Generation;

namespace Quickstart.Measuring;

/// <summary>The measurements of one prompt or the totals of several.</summary>
/// <param name="PlainTokensPerSecond">Tokens over time of the target alone, prefill included.</param>
/// <param name="SpeculativeTokensPerSecond">The same with speculation.</param>
/// <param name="TokensPerRound">Tokens committed by verification rounds over their number; rounds of length 0 count, prefill does not.</param>
/// <param name="Acceptance">Accepted over checked draft tokens, in [0, 1]; 0 when none was checked.</param>
/// <param name="Identical">Whether every speculative answer was the target's own.</param>
internal sealed record Figures(double PlainTokensPerSecond, double SpeculativeTokensPerSecond, double TokensPerRound, double Acceptance, bool Identical)
{
    /// <summary>How many times as fast as the target alone.</summary>
    public double Ratio => PlainTokensPerSecond > 0 ? SpeculativeTokensPerSecond / PlainTokensPerSecond : 0;

    public static Figures Of(params IReadOnlyCollection<PromptOutcome> outcomes)
    {
        long rounds = 0, committed = 0, checkedTokens = 0, accepted = 0;
        foreach (PromptOutcome outcome in outcomes)
        {
            rounds += outcome.Speculative.Statistics.Rounds;
            committed += outcome.Speculative.Statistics.CommittedTokens;
            checkedTokens += outcome.Speculative.Statistics.DraftTokens;
            accepted += outcome.Speculative.Statistics.AcceptedTokens;
        }

        return new Figures(
            TokensPerSecond(outcomes.Select(outcome => outcome.Plain)),
            TokensPerSecond(outcomes.Select(outcome => outcome.Speculative)),
            rounds == 0 ? 0 : (double)committed / rounds,
            checkedTokens == 0 ? 0 : (double)accepted / checkedTokens,
            outcomes.All(outcome => outcome.Identical));
    }

    private static double TokensPerSecond(IEnumerable<GenerationResult> results)
    {
        long tokens = 0;
        TimeSpan elapsed = TimeSpan.Zero;
        foreach (GenerationResult result in results)
        {
            tokens += result.Usage.CompletionTokens;
            elapsed += result.Elapsed;
        }

        return elapsed > TimeSpan.Zero ? tokens / elapsed.TotalSeconds : 0;
    }
}
