using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Tokenization;

namespace Minions.Core;

/// <summary>
/// A draft: a small, fast model that guesses the ids the target will choose next ("SSM" in Minions, arXiv 2402.15678, section 3).
/// </summary>
/// <remarks>
/// <para>
/// <b>Shared model, private sequence.</b> One instance serves every request of a pipeline, so all members are safe to call from several
/// threads. What <see cref="OpenSequence"/> returns belongs to one request: the pipeline never uses one sequence from two threads at once
/// and disposes it with the request, on whichever thread that ends.
/// </para>
/// <para>
/// <b>Threads.</b> The pipeline calls <see cref="OpenSequence"/> and <see cref="Propose"/> on threads of its own, never on the thread pool, so
/// an implementation may block.
/// </para>
/// <para>
/// <b>Properties</b> keep their values while a pipeline has the draft, and do not throw.
/// </para>
/// <para>
/// <b>Time.</b> Unless the draft <see cref="HeedsCancellation"/>, a call that takes longer than <see cref="Pipeline.PipelineOptions.DraftTimeLimit"/> counts as a fault: the round goes on, and
/// the draft is left out until the call returns. The batch and its sequences belong to the call that long; then they are disposed. Everything
/// else, such as disposal of a sequence, is waited for without a limit.
/// </para>
/// <para>
/// <b>Faults.</b> A draft cannot fail a request. An exception leaves the draft out of the round's vote; it is logged, counted and retried
/// some rounds later with a fresh sequence.
/// </para>
/// <para>
/// <b>Wrappers.</b> What a draft can do it says by its members, never by its type. Derive from <see cref="DelegatingDraftModel"/> to change
/// some members of another draft and keep the rest: a class of your own that leaves a default member out takes that capability away.
/// </para>
/// </remarks>
public interface IDraftModel : IDisposable
{
    /// <summary>The name shown in statistics and token sources, unique within a pipeline (for a model folder by default the folder's name).</summary>
    string Name { get; }

    /// <summary>
    /// The most ids a sequence of this draft can hold. A request longer than this goes on without the draft, unless it
    /// <see cref="ReadsStates"/>: then it has to make do with the newest ids.
    /// </summary>
    int ContextLength { get; }

    /// <summary>
    /// The most requests worth handing over in one call: 1, the default, for a draft that runs them one after another.
    /// </summary>
    int MaxBatchSize => 1;

    /// <summary>
    /// Whether it may be asked ahead, about a text whose last ids are still being verified, so that its proposal is ready when they turn out
    /// right (<see cref="Pipeline.PipelineOptions.PreDraft"/>): each id it proposes is a matter of the ids before it alone, whether it is asked for
    /// one id at a time or for several. Default: <see langword="false"/>, as befits a draft that learns from the contexts it is shown, or
    /// takes no time.
    /// </summary>
    bool SupportsPreDrafting => false;

    /// <summary>
    /// Whether its calls look at their tokens and cannot hang. Then it is called on the threads that drafts share, several calls with different
    /// sequences at once where <see cref="MaxBatchSize"/> is above 1, and a round waits for it without a limit. Default:
    /// <see langword="false"/>: it is called on a thread of its own, which can be left behind.
    /// </summary>
    bool HeedsCancellation => false;

    /// <summary>
    /// Whether it takes next to no time and often has nothing to propose, as a search in the text does. Then it runs beside the others whenever any
    /// draft runs, instead of being weighed against them. Default: <see langword="false"/>.
    /// </summary>
    bool IsFree => false;

    /// <summary>
    /// Whether it may be asked a second time in a round, to go on where the voted chain ends: what it adds is checked in the same run, as far as that
    /// pays (<see cref="DraftRequest.SupposedTokens"/>). Only a draft that <see cref="IsFree"/> and <see cref="HeedsCancellation"/> is asked, and only
    /// in rounds in which it runs. Such a call leaves its sequence as it was: whatever it is asked next, it answers and scores as if the call had
    /// not been. A fault costs what it would have added, and counts as any. Default: <see langword="false"/>.
    /// </summary>
    bool ContinuesChains => false;

    /// <summary>
    /// Whether it guesses by the texts that a request refers to (<see cref="SequenceOptions.References"/>). Default: <see langword="false"/>.
    /// </summary>
    bool UsesReferences => false;

    /// <summary>
    /// Whether it takes part when a pipeline warms up, in a text that means nothing, so that its first runs for a request are not slow. Default:
    /// <see langword="false"/>, as befits a draft that learns from the texts it is shown.
    /// </summary>
    bool WantsWarmUp => false;

    /// <summary>
    /// What is known beforehand of how often its choices are the target's: at index i, the probability that the id at place i of a proposal is
    /// accepted when those before it were, each in (0, 1). Requests start from it until they know better. Default: empty, nothing is known.
    /// </summary>
    IReadOnlyList<double> ExpectedAgreement => [];

    /// <summary>
    /// What tells this model from others, so that what a pipeline learnt with it is not taken for another's
    /// (<see cref="SpeculativePipeline.LoadKnowledgeAsync"/>). Default: <see langword="null"/>, nothing does.
    /// </summary>
    string? Fingerprint => null;

    /// <summary>
    /// Whether it is a head: a draft that reads what the target computed (<see cref="DraftRequest.States"/>). It can only begin when a verification
    /// has ended, and has nothing to propose where the target gives no states. Default: <see langword="false"/>.
    /// </summary>
    bool ReadsStates => false;

    /// <summary>
    /// Why it cannot guess for a target, as a sentence, such as a head that was made for another width, or a draft whose ids mean other tokens
    /// (<see cref="TokenizerComparison"/>). Asked when a pipeline is composed, which the answer refuses. Default: <see langword="null"/>, nothing
    /// stands against it.
    /// </summary>
    /// <param name="target">The pipeline's target; to be looked at, not to be used.</param>
    /// <param name="tokenizer">The pipeline's tokenizer, or <see langword="null"/> for a pipeline that speaks ids only.</param>
    /// <returns>A sentence that names what does not fit and what to do, or <see langword="null"/>.</returns>
    string? FindMisfit(ITargetVerifier target, ITextTokenizer? tokenizer) => null;

    /// <summary>Opens the private state of one request, typically a KV cache.</summary>
    /// <param name="options">How the request chooses its tokens.</param>
    /// <returns>A sequence that holds no ids yet.</returns>
    IDraftSequence OpenSequence(SequenceOptions options);

    /// <summary>
    /// Continues every context of the batch by up to <see cref="DraftRequest.Length"/> ids, each being the draft's own choice after the
    /// context and the ids proposed before it. A shorter or empty proposal is allowed.
    /// </summary>
    /// <remarks>
    /// A context names all ids it builds on. Between two calls it may have grown, or differ from what was proposed before: the
    /// implementation finds the longest common prefix with what it holds and feeds the rest.
    /// </remarks>
    /// <param name="batch">One entry a request; all sequences were opened by this model.</param>
    /// <param name="cancellationToken">Signalled when the pipeline shuts down.</param>
    void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken);
}

/// <summary>What a draft keeps for one request. Not thread-safe; disposed by the pipeline when the request ends.</summary>
public interface IDraftSequence : IDisposable;
