using Microsoft.Extensions.AI;
using Minions.Core.Generation;

namespace Minions.Extensions.AI.Chat;

/// <summary>What a request used, in the terms of the abstractions. Additional counts are sums, so that middleware may add them up.</summary>
internal static class ChatUsage
{
    public static UsageDetails Of(GenerationResult result, int reasoningTokens)
    {
        TokenUsage usage = result.Usage;
        return new UsageDetails
        {
            InputTokenCount = usage.PromptTokens,
            OutputTokenCount = usage.CompletionTokens,
            TotalTokenCount = usage.TotalTokens,
            CachedInputTokenCount = usage.ReusedPromptTokens,
            ReasoningTokenCount = reasoningTokens,
            AdditionalCounts = new AdditionalPropertiesDictionary<long>
            {
                ["minions.accepted_tokens"] = result.Statistics.AcceptedTokens,
                ["minions.rejected_tokens"] = Math.Max(0, result.Statistics.DraftTokens - result.Statistics.AcceptedTokens),
                ["minions.rounds"] = result.Statistics.Rounds,
            },
        };
    }
}
