using Microsoft.Extensions.AI;
using Minions.Extensions.AI;

namespace Quickstart.Chat;

/// <summary>How the next answers are made. Commands change it.</summary>
internal sealed class ChatSettings
{
    /// <summary>The system message, or <see langword="null"/> for what the model's template writes by itself.</summary>
    public string? SystemMessage { get; set; }

    /// <summary>0 for greedy, or greater.</summary>
    public float Temperature { get; set; }

    /// <summary>At least 0, or <see langword="null"/> for one drawn anew for each answer. Without effect at temperature 0.</summary>
    public long? Seed { get; set; }

    /// <summary>The most tokens of an answer, at least 1.</summary>
    public required int MaxTokens { get; set; }

    /// <summary>How much a reasoning model thinks before it answers, or <see langword="null"/> for what its template does by itself.</summary>
    public ReasoningEffort? Reasoning { get; set; }

    /// <summary>Whether the target is alone, for comparison.</summary>
    public bool IsPlain { get; set; }

    /// <summary>A fixed speculation length, or <see langword="null"/> for the pipeline's own rule.</summary>
    public int? Length { get; init; }

    /// <summary>Texts that end an answer.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    public ChatOptions ToOptions()
    {
        var properties = new AdditionalPropertiesDictionary { [MinionsChatProperties.Speculate] = !IsPlain };
        if (Length is { } length)
            properties[MinionsChatProperties.SpeculationLength] = length;
        return new ChatOptions
        {
            Instructions = SystemMessage,
            Temperature = Temperature,
            Seed = Seed,
            MaxOutputTokens = MaxTokens,
            Reasoning = Reasoning is { } effort ? new ReasoningOptions { Effort = effort } : null,
            StopSequences = [.. StopSequences],
            AdditionalProperties = properties,
        };
    }
}
