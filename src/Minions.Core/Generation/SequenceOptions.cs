using System.Collections.Frozen;
using Minions.Core.Sampling;
using Minions.Core.States;

namespace Minions.Core.Generation;

/// <summary>What a draft or a verifier is told about the request it opens a sequence for. Immutable.</summary>
public sealed class SequenceOptions
{
    /// <summary>The request's rule for choosing an id from a row of logits. Default: <see cref="TokenSelector.Greedy"/>.</summary>
    public TokenSelector Selector { get; init; } = TokenSelector.Greedy;

    /// <summary>
    /// Whether every choice must be the same, bit for bit, however the text is split into runs (the default). A verifier then never runs
    /// the target on a single row. Drafts may ignore it.
    /// </summary>
    public bool BitIdentical { get; init; } = true;

    /// <summary>The most ids the request can come to hold, prompt and output together: a hint for buffers, 0 when unknown.</summary>
    public int ExpectedLength { get; init; }

    /// <summary>
    /// The request's <see cref="GenerationOptions.Properties"/>, which the library's own models ignore. A model takes from it what it knows and
    /// leaves the rest to others. The dictionary is copied, keys compare by their characters; default: empty.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Properties { get; init => field = value.ToFrozenDictionary(); } = FrozenDictionary<string, object?>.Empty;

    /// <summary>
    /// The states that the request's target gives (<see cref="ITargetVerifier.States"/>), or <see langword="null"/>, the default, where no draft of
    /// the request reads any.
    /// </summary>
    public StateLayout? States { get; init; }

    /// <summary>
    /// The ids of the request's <see cref="GenerationOptions.ReferenceTexts"/>, one list a text, for drafts that guess by them
    /// (<see cref="IDraftModel.UsesReferences"/>); others ignore them. The list is copied, the ids are not. Default: none.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<int>> References { get; init => field = [.. value]; } = [];

    /// <summary>
    /// The request's <see cref="GenerationOptions.LogProbabilities"/>. They are read where the target's choices are recorded
    /// (<see cref="Verification.VerificationRequest.Choose"/>), so models need not heed it. Default: <see langword="null"/>.
    /// </summary>
    public int? LogProbabilities { get; init; }

    /// <summary>
    /// The request's <see cref="GenerationOptions.CacheKey"/>: a sequence that is reopened (<see cref="IReusableSequence"/>) gets the same one as
    /// before. Default: <see langword="null"/>.
    /// </summary>
    public string? CacheKey { get; init; }
}
