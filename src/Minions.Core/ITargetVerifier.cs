using Minions.Core.Generation;
using Minions.Core.States;
using Minions.Core.Tokenization;
using Minions.Core.Verification;

namespace Minions.Core;

/// <summary>
/// The target: the large model whose text is generated. It checks a proposed chain in one run and alone decides every id
/// (Minions, arXiv 2402.15678, section 3).
/// </summary>
/// <remarks>
/// <para>
/// <b>Shared model, private sequence.</b> One instance serves every request of a pipeline, so all members are safe to call from several
/// threads. What <see cref="OpenSequence"/> returns belongs to one request and is disposed with it.
/// </para>
/// <para>
/// <b>Who chooses.</b> A verifier computes logits and hands each row to <see cref="VerificationRequest.Choose"/>, which applies the
/// request's token selector and records the choice. A verifier never samples by itself, so an implementation cannot change the text.
/// </para>
/// <para>
/// <b>Threads.</b> The pipeline calls <see cref="Verify"/> on a thread of its own, never on the thread pool, so an implementation may block.
/// </para>
/// <para>
/// <b>Properties</b> keep their values while a pipeline has the verifier, and do not throw.
/// </para>
/// <para>
/// <b>Wrappers.</b> What a verifier can do it says by its members, never by its type. Derive from <see cref="DelegatingTargetVerifier"/> to
/// change some members of another verifier and keep the rest: a class of your own that leaves a default member out takes that capability away.
/// </para>
/// </remarks>
public interface ITargetVerifier : IDisposable
{
    /// <summary>The most ids a sequence can hold, prompt and output together.</summary>
    int ContextLength { get; }

    /// <summary>The number of logits in a row. May exceed the tokenizer's vocabulary (padded models).</summary>
    int VocabularySize { get; }

    /// <summary>Whether this model on this machine computes bit-identical logits however a text is split into runs.</summary>
    Exactness Exactness { get; }

    /// <summary>
    /// The most requests worth handing over in one call: 1, the default, for a verifier that runs them one after another.
    /// </summary>
    int MaxBatchSize => 1;

    /// <summary>
    /// The ids that end a text of this model. A pipeline uses them unless <see cref="Pipeline.PipelineComponents.EndTokens"/> names others.
    /// Default: none.
    /// </summary>
    IReadOnlyList<int> EndTokens => [];

    /// <summary>
    /// How the model's files recommend that its ids are chosen, for those who ask (<see cref="Pipeline.PipelineInfo.ModelDefaults"/>). Default:
    /// nothing is recommended.
    /// </summary>
    ModelDefaults ModelDefaults => ModelDefaults.None;

    /// <summary>
    /// The folder that the model's files lie in, as a full path, for those who read more of them, such as its chat template. Default:
    /// <see langword="null"/>, there is none.
    /// </summary>
    string? ModelFolder => null;

    /// <summary>
    /// The tokenizer of the model's files, where it brings one. A pipeline uses it unless it is given another
    /// (<see cref="Pipeline.PipelineComponents.Tokenizer"/>). Default: <see langword="null"/>.
    /// </summary>
    ITextTokenizer? Tokenizer => null;

    /// <summary>
    /// Whether a pipeline warms up when it is loaded, by running a text that means nothing (<see cref="Pipeline.PipelineOptions.WarmUp"/>). Default:
    /// <see langword="false"/>.
    /// </summary>
    bool WantsWarmUp => false;

    /// <summary>
    /// What tells this model from others, so that what a pipeline learnt with it is not taken for another's
    /// (<see cref="SpeculativePipeline.LoadKnowledgeAsync"/>). Default: <see langword="null"/>, nothing does.
    /// </summary>
    string? Fingerprint => null;

    /// <summary>
    /// The hidden states that it gives of every row it runs, for drafts that read them (<see cref="IDraftModel.ReadsStates"/>), or
    /// <see langword="null"/>, the default, where it gives none. Where a request asks for them, <see cref="VerificationRequest.States"/> says so.
    /// </summary>
    StateLayout? States => null;

    /// <summary>
    /// The memory, in bytes, of the keys and values that its open sequences hold, those that the pipeline keeps for later requests included; or
    /// <see langword="null"/>, the default, where that is not known. Unlike other properties it changes. It is read whenever somebody collects
    /// measurements, from any thread.
    /// </summary>
    long? CacheBytes => null;

    /// <summary>Opens the private state of one request, typically a KV cache.</summary>
    /// <param name="options">How the request chooses its tokens, and whether it asks for bit-identical results.</param>
    /// <returns>A sequence that holds no ids yet.</returns>
    ITargetSequence OpenSequence(SequenceOptions options);

    /// <summary>
    /// Runs the ids of every request that its sequence does not hold yet, and passes the logits of the last
    /// <see cref="VerificationRequest.RowsWanted"/> of them, in order, to <see cref="VerificationRequest.Choose"/> until it returns
    /// <see langword="false"/>.
    /// </summary>
    /// <remarks>
    /// A request names all ids it builds on. The implementation finds the longest common prefix with what the sequence holds and feeds the
    /// rest, so that a rejected chain needs no rollback call. A fault of one request is reported by
    /// <see cref="VerificationRequest.Fail"/> and touches no other; an exception fails every request of the batch.
    /// </remarks>
    /// <param name="batch">One entry a request; all sequences were opened by this verifier.</param>
    /// <param name="cancellationToken">Signalled when the pipeline shuts down.</param>
    void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken);
}

/// <summary>What the target keeps for one request. Not thread-safe; disposed by the pipeline when the request ends.</summary>
public interface ITargetSequence : IDisposable;
