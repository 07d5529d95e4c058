using Minions.Core.Sampling;

namespace Minions.Core.Generation;

/// <summary>
/// How a model's own files recommend that its ids are chosen: <c>generation_config.json</c> of a Hugging Face export, <c>search</c> of a
/// <c>genai_config.json</c>. Immutable. Nothing of it applies unless asked for:
/// <c>pipeline.GenerateAsync(prompt, pipeline.Info.ModelDefaults.ToOptions())</c>.
/// </summary>
/// <remarks>
/// <para>
/// Taken are <c>temperature</c>, <c>top_k</c>, <c>top_p</c>, <c>min_p</c>, <c>repetition_penalty</c>, <c>presence_penalty</c>,
/// <c>frequency_penalty</c> and <c>random_seed</c>. Without <c>do_sample: true</c> the model is meant to be greedy, as in the reference: then
/// the penalties alone are taken. With it, a <c>temperature</c> that is absent is 1 and a <c>top_k</c> that is absent is 50, the references' own
/// defaults.
/// </para>
/// <para>
/// Left are lengths, which are the request's business, what the library does not do (beam search, forbidden n-grams and the like), and values
/// that cannot be read or are out of their range. <see cref="Left"/> names each with the reason.
/// </para>
/// </remarks>
public sealed class ModelDefaults
{
    /// <summary>Files that recommend nothing: greedy.</summary>
    public static ModelDefaults None { get; } = new();

    /// <summary>The file they were read from, or <see langword="null"/> where there is none.</summary>
    public string? Source { get; init; }

    /// <summary>How ids are chosen. Default: <see cref="SamplingOptions.Greedy"/>.</summary>
    public SamplingOptions Sampling { get; init; } = SamplingOptions.Greedy;

    /// <summary>
    /// The ids that the files say end a text. A pipeline goes by the target's end tokens in any case
    /// (<see cref="Pipeline.PipelineComponents.EndTokens"/>); these are told to be seen.
    /// </summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>What was taken, in the files' own words, such as <c>temperature 0.6</c>.</summary>
    public IReadOnlyList<string> Taken { get; init; } = [];

    /// <summary>What was not taken, each with the reason, such as <c>num_beams 4: beam search is not supported</c>.</summary>
    public IReadOnlyList<string> Left { get; init; } = [];

    /// <summary>Options that choose ids this way and have the usual defaults otherwise.</summary>
    /// <returns>The options, to be changed further by <c>with</c>.</returns>
    public GenerationOptions ToOptions() => new() { Sampling = Sampling };
}
