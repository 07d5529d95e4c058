using Minions.Core.Sampling;

namespace Minions.Core.Generation;

/// <summary>What a draft or a verifier is told about the request it opens a sequence for.</summary>
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
}
