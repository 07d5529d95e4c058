using Minions.Core.Diagnostics;

namespace Minions.Core.Generation;

/// <summary>A finished text and how it came about.</summary>
public sealed class GenerationResult
{
    internal GenerationResult()
    {
    }

    /// <summary>What the ids add to the decoded prompt, without a stop sequence and, unless they are asked for (<see cref="GenerationOptions.SkipSpecialTokens"/>), without special tokens.</summary>
    public required string Text { get; init; }

    /// <summary>The generated ids, the end token included; after a stop sequence they end with the id in which it begins.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>
    /// How likely the target held each of <see cref="TokenIds"/>, in their order; empty where the request does not ask for it
    /// (<see cref="GenerationOptions.LogProbabilities"/>).
    /// </summary>
    public IReadOnlyList<TokenLogProbabilities> LogProbabilities { get; init; } = [];

    /// <summary>Why the text ended.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>How many ids the request used.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>Rounds, proposals and acceptance.</summary>
    public required SpeculationStatistics Statistics { get; init; }

    /// <summary>
    /// The seed the ids were drawn with, the request's own or the one drawn for it: with it in <see cref="Sampling.SamplingOptions.Seed"/>
    /// the same request gives the same text. A drawn one is at most <see cref="long.MaxValue"/>, so that it fits APIs whose seeds are signed.
    /// <see langword="null"/> when greedy.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>From the start of work on the request (waiting for admission not included) to its first id.</summary>
    public required TimeSpan TimeToFirstToken { get; init; }

    /// <summary>From the start of work on the request to its last id.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Completion ids divided by <see cref="Elapsed"/>, prefill included.</summary>
    public double TokensPerSecond => Elapsed > TimeSpan.Zero ? Usage.CompletionTokens / Elapsed.TotalSeconds : 0;
}
