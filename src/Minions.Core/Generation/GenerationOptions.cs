using System.Collections.Frozen;
using Minions.Core.Diagnostics;
using Minions.Core.Sampling;

namespace Minions.Core.Generation;

/// <summary>What one request asks for. Immutable; the defaults decode greedily with speculation and bit-identical results.</summary>
public sealed record GenerationOptions
{
    /// <summary>The options used where a call names none.</summary>
    public static GenerationOptions Default { get; } = new();

    /// <summary>The most ids to generate, the end token included. At least 1; default 256. A full context ends the text earlier.</summary>
    public int MaxOutputTokens { get; init; } = 256;

    /// <summary>
    /// Texts that end the output, across token borders too: the one that is complete first does, and none of it is returned. One that is a special
    /// token, such as <c>&lt;|im_end|&gt;</c>, ends the output by its id, since special tokens are no text; one that can never occur is logged once
    /// by the pipeline, as a warning. Default: none. The list is copied.
    /// </summary>
    public IReadOnlyList<string> StopSequences { get; init => field = value is null ? null! : [.. value]; } = [];

    /// <summary>Whether to go on after the model's end token, for benchmarks. Default <see langword="false"/>.</summary>
    public bool IgnoreEndToken { get; init; }

    /// <summary>How ids are chosen: temperature, truncation, penalties, seed. Default <see cref="SamplingOptions.Greedy"/>.</summary>
    public SamplingOptions Sampling { get; init; } = SamplingOptions.Greedy;

    /// <summary>
    /// Whether drafts guess ahead for this request; the length controller may still decide for plain decoding. With <see langword="false"/> the
    /// target is alone: no draft runs and nothing is guessed. Speed changes, text does not. Default <see langword="true"/>.
    /// </summary>
    public bool Speculate { get; init; } = true;

    /// <summary>
    /// Whether results are the same bit for bit however the text is split into runs. Default <see cref="DecodingMode.BitIdentical"/>.
    /// </summary>
    public DecodingMode Mode { get; init; } = DecodingMode.BitIdentical;

    /// <summary>
    /// A fixed speculation length for this request, 0 to 64, instead of the pipeline's controller and of its least and greatest length. 0
    /// means the same as <see cref="Speculate"/> off. Default (<see langword="null"/>): the controller's.
    /// </summary>
    public int? SpeculationLength { get; init; }

    /// <summary>
    /// Whether special tokens written out in the prompt's text become their ids, as rendered chat templates need. Turn it off for a prompt
    /// from an untrusted source. Default <see langword="true"/>; without effect where the prompt is given as ids.
    /// </summary>
    public bool ParseSpecialTokens { get; init; } = true;

    /// <summary>
    /// What else the request tells its models: the place for adapters, constraints, conversations and the like. The target and every draft see it
    /// as <see cref="SequenceOptions.Properties"/>; the library itself only passes it on. The values must be safe to read from several threads.
    /// The dictionary is copied, the values are not; keys compare by their characters. Default: empty.
    /// </summary>
    /// <remarks>
    /// Where a property changes what a model computes for the same ids, such as an adapter, set <see cref="CacheKey"/> too. Where one would change
    /// the text from round to round or from draft to draft, texts depend on speculation.
    /// </remarks>
    public IReadOnlyDictionary<string, object?> Properties
    {
        get;
        init => field = value is null ? null! : value.ToFrozenDictionary();
    }
    = FrozenDictionary<string, object?>.Empty;

    /// <summary>
    /// What, beside ids, decides what a KV cache holds: requests share caches (<see cref="Pipeline.PipelineOptions.PrefixCacheSize"/>) only where
    /// their keys are equal, character by character. Set it when <see cref="Properties"/> change what a cache holds, for instance to the adapter's
    /// name. Default: <see langword="null"/>, a key like any other.
    /// </summary>
    public string? CacheKey { get; init; }

    internal const int MaximumSpeculationLength = 64;

    /// <summary>Refuses values no request can mean.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal void Validate()
    {
        if (MaxOutputTokens < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxOutputTokens), MaxOutputTokens, "The number of output tokens must be at least 1.");
        if (SpeculationLength is < 0 or > MaximumSpeculationLength)
            throw new ArgumentOutOfRangeException(nameof(SpeculationLength), SpeculationLength, $"The speculation length must lie between 0 and {MaximumSpeculationLength}.");
        EnumOption.Check(Mode, nameof(Mode));
        if (Sampling is null)
            throw new ArgumentNullException(nameof(Sampling), "The sampling options must not be null; leave them out for greedy decoding.");
        Sampling.Validate();
        if (Properties is null)
            throw new ArgumentNullException(nameof(Properties), "The properties must not be null; leave them empty for none.");
        if (StopSequences is null)
            throw new ArgumentNullException(nameof(StopSequences), "The list of stop sequences must not be null; leave it empty for none.");
        for (int i = 0; i < StopSequences.Count; i++)
        {
            if (string.IsNullOrEmpty(StopSequences[i]))
                throw new ArgumentException($"Stop sequence {i} is empty: it would end every text at once. Remove it.", nameof(StopSequences));
        }
    }
}
