using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Minions.Core.Generation;
using Minions.Core.Sampling;

namespace Minions.Extensions.AI.Chat;

/// <summary>How a request is generated, and what its template is told, after its options are laid over the client's defaults.</summary>
/// <param name="Generation">For the pipeline.</param>
/// <param name="Variables">For the template.</param>
/// <param name="KeepsSpecialTokens">Whether special tokens that are no markup are part of the text.</param>
internal sealed record RequestSettings(GenerationOptions Generation, JsonObject Variables, bool KeepsSpecialTokens)
{
    /// <exception cref="UnsupportedChatOptionException">A property of ours is unknown, or the factory made something else.</exception>
    /// <exception cref="ArgumentException">A value cannot be meant.</exception>
    public static RequestSettings Of(IChatClient client, GenerationOptions defaults, ChatOptions? options)
    {
        var variables = new JsonObject();
        if (options is null)
            return new RequestSettings(defaults with { SkipSpecialTokens = false }, variables, !defaults.SkipSpecialTokens);

        GenerationOptions basis = options.RawRepresentationFactory?.Invoke(client) switch
        {
            null => defaults,
            GenerationOptions raw => raw,
            { } other => throw new UnsupportedChatOptionException(
                nameof(ChatOptions.RawRepresentationFactory), $"it made a {other.GetType().Name}, and can make {nameof(GenerationOptions)}, or null to leave it"),
        };
        SamplingOptions sampling = basis.Sampling;
        GenerationOptions generation = basis with
        {
            MaxOutputTokens = options.MaxOutputTokens ?? basis.MaxOutputTokens,
            StopSequences = options.StopSequences is { } stops ? [.. stops] : basis.StopSequences,
            SkipSpecialTokens = false, // Markup may be made of them.
            Sampling = sampling with
            {
                Temperature = Widen(options.Temperature) ?? sampling.Temperature,
                TopP = Widen(options.TopP) ?? sampling.TopP,
                TopK = options.TopK ?? sampling.TopK,
                FrequencyPenalty = Widen(options.FrequencyPenalty) ?? sampling.FrequencyPenalty,
                PresencePenalty = Widen(options.PresencePenalty) ?? sampling.PresencePenalty,
                Seed = options.Seed is { } seed ? (ulong)seed : sampling.Seed,
            },
        };
        Think(options.Reasoning?.Effort, variables);
        return new RequestSettings(RequestProperties.Apply(generation, variables, options.AdditionalProperties), variables, !basis.SkipSpecialTokens);
    }

    private static void Think(ReasoningEffort? effort, JsonObject variables)
    {
        if (effort is not { } wanted)
            return;

        // The names that templates of 2025 and 2026 read.
        variables["enable_thinking"] = wanted != ReasoningEffort.None;
        variables["thinking"] = wanted != ReasoningEffort.None;
        if (wanted != ReasoningEffort.None)
            variables["reasoning_effort"] = wanted == ReasoningEffort.Low ? "low" : wanted == ReasoningEffort.Medium ? "medium" : "high";
    }

    // As it is written: 0.7 is meant, not the nearest single.
    private static double? Widen(float? value) => value is not { } single ? null
        : float.IsFinite(single) ? double.Parse(single.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : single;
}
