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
    /// Whether special tokens that the target writes are left out of the text. Turn it off to read markup that a model writes in them, such as calls
    /// of tools; the end token is never part of the text. Default <see langword="true"/>.
    /// </summary>
    public bool SkipSpecialTokens { get; init; } = true;

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
    /// name, and to keep callers apart: an n-gram draft that keeps finished outputs (<see cref="Drafting.Ngram.NgramDraftOptions.PoolCapacity"/>)
    /// guesses by those of the same key. Default: <see langword="null"/>, a key like any other.
    /// </summary>
    public string? CacheKey { get; init; }

    /// <summary>
    /// Texts that the answer will probably repeat in part, such as a document to be edited, or the expected answer itself ("predicted output"). An
    /// n-gram draft guesses by them for this request alone, so what is repeated comes faster; what the answer says does not depend on them, and
    /// they are no part of the prompt. At most 1,048,576 characters (<see cref="ReferenceText.MaxCharacters"/>) and 262,144 ids
    /// (<see cref="ReferenceText.MaxTokens"/>) together. Default: none. The list is copied.
    /// </summary>
    /// <remarks>
    /// Each id takes up to 40 bytes while the request runs, and the texts are encoded at the call. Without a draft that uses them
    /// (<see cref="IDraftModel.UsesReferences"/>: <see cref="Drafting.Ngram.NgramDraft"/>, or one of your own) they have no effect; a debug line of
    /// the log says so. <see cref="ParseSpecialTokens"/> holds for them as for the prompt.
    /// </remarks>
    public IReadOnlyList<ReferenceText> ReferenceTexts { get; init => field = value is null ? null! : [.. value]; } = [];

    /// <summary>
    /// How many of the likeliest ids to name at each position beside the chosen id, each with its log probability
    /// (<see cref="GeneratedToken.LogProbabilities"/>, <see cref="GenerationResult.LogProbabilities"/>): 0 to 20, 0 for the chosen id alone. Default
    /// (<see langword="null"/>): none is computed, which costs nothing. Text does not depend on it.
    /// </summary>
    public int? LogProbabilities { get; init; }

    internal const int MaximumSpeculationLength = 64;

    internal const int MaximumLogProbabilities = 20;

    /// <summary>Refuses values no request can mean.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal void Validate()
    {
        if (MaxOutputTokens < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxOutputTokens), MaxOutputTokens, "The number of output tokens must be at least 1.");
        if (SpeculationLength is < 0 or > MaximumSpeculationLength)
            throw new ArgumentOutOfRangeException(nameof(SpeculationLength), SpeculationLength, $"The speculation length must lie between 0 and {MaximumSpeculationLength}.");
        if (LogProbabilities is < 0 or > MaximumLogProbabilities)
            throw new ArgumentOutOfRangeException(nameof(LogProbabilities), LogProbabilities, $"The number of likeliest ids to name must lie between 0 and {MaximumLogProbabilities}; leave it out for no log probabilities.");
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

        ValidateReferenceTexts();
    }

    /// <summary>Refuses more ids of reference texts than a request takes.</summary>
    /// <exception cref="ArgumentException">They are too many.</exception>
    internal void CheckReferenceTokens()
    {
        long tokens = ReferenceTexts.Sum(reference => (long)reference.Ids.Length);
        if (tokens > ReferenceText.MaxTokens)
            throw new ArgumentException($"The reference texts have {tokens} ids, but a request takes {ReferenceText.MaxTokens}, all together. Shorten them.", nameof(ReferenceTexts));
    }

    private void ValidateReferenceTexts()
    {
        if (ReferenceTexts is null)
            throw new ArgumentNullException(nameof(ReferenceTexts), "The list of reference texts must not be null; leave it empty for none.");
        for (int i = 0; i < ReferenceTexts.Count; i++)
        {
            if (ReferenceTexts[i] is null)
                throw new ArgumentException($"Reference text {i} is null. Remove it.", nameof(ReferenceTexts));
        }

        long characters = ReferenceTexts.Sum(reference => (long)(reference.Text?.Length ?? 0));
        if (characters > ReferenceText.MaxCharacters)
            throw new ArgumentException($"The reference texts have {characters} characters, but a request takes {ReferenceText.MaxCharacters}, all together. Shorten them.", nameof(ReferenceTexts));
        CheckReferenceTokens();
    }
}
