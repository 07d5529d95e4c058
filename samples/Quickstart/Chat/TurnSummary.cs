using System.Globalization;
using Microsoft.Extensions.AI;
using Minions.Core.Generation;

namespace Quickstart.Chat;

/// <summary>What is told of an answer when it has ended.</summary>
internal static class TurnSummary
{
    /// <summary>What it cost, in one line.</summary>
    public static string Costs(UsageDetails usage, GenerationResult result)
    {
        string rounds = result.Statistics.Rounds > 0 ? string.Create(CultureInfo.InvariantCulture, $", {result.Statistics.TokensPerRound:0.00} a round") : "";
        string seed = result.Seed is { } drawn ? $"; seed {drawn}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{usage.OutputTokenCount} tokens, {result.TokensPerSecond:0.0} tokens/s{rounds}; prompt {usage.InputTokenCount} tokens, {usage.CachedInputTokenCount} from the cache{seed}]");
    }

    /// <summary>Why it ended early and what to do; <see langword="null"/> where it did not.</summary>
    /// <param name="reason">Why it ended.</param>
    /// <param name="usage">What it used.</param>
    /// <param name="maxTokens">The most tokens that it could have.</param>
    /// <param name="contextLength">The most tokens that prompt and answer can have together.</param>
    public static string? CutOff(ChatFinishReason? reason, UsageDetails usage, int maxTokens, int contextLength)
    {
        if (reason != ChatFinishReason.Length)
            return null;

        return usage.OutputTokenCount >= maxTokens
            ? $"The answer ended at the limit of {maxTokens} tokens. /max-tokens N changes it, /retry answers again."
            : $"The context of {contextLength} tokens is full. {MakeRoom}";
    }

    /// <summary>What to do where the context is full.</summary>
    public const string MakeRoom = "/undo forgets the last turn, /clear all of them.";
}
