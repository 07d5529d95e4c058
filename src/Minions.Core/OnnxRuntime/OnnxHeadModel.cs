using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Heads;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.Tokenization;

namespace Minions.Core.OnnxRuntime;

/// <summary>
/// A head that runs on ONNX Runtime: a draft of one layer or a few that reads what the target computed behind each id (EAGLE-3, arXiv 2503.01840;
/// multi-token prediction, arXiv 2404.19737). It joins the target's state at a position with the id that follows, guesses the one after that, and goes on
/// from its own state.
/// </summary>
/// <remarks>
/// <para>Safe to use from several threads; sequences are not.</para>
/// <para>
/// <b>Its cache</b> holds, for every committed id, an entry made of the target's state, never one made of its own guess: guesses are forgotten after each
/// round, and the committed ids enter in one run, which is the first step of the next chain as well.
/// </para>
/// <para>
/// <b>Long texts.</b> States are kept for the newest positions only (<see cref="Pipeline.PipelineOptions.StateWindow"/>). Where it misses older ones, after a
/// rest or in a long prompt, it begins anew with the oldest that is kept.
/// </para>
/// </remarks>
public sealed class OnnxHeadModel : IDraftModel
{
    private readonly LoadedHead _head;
    private readonly ObjectPool<RunBatch> _batches;

    private OnnxHeadModel(LoadedHead head, string? name, ILogger logger)
    {
        _head = head;
        Name = name ?? head.Layout.Folder.Name;
        ExpectedAgreement = AgreementFile.Read(head.Layout.Folder.Path, logger);
        _batches = new ObjectPool<RunBatch>(() => new RunBatch(head.Packed));
    }

    /// <summary><see cref="OnnxModelOptions.Name"/>, or else the name of the head's folder.</summary>
    public string Name { get; }

    /// <summary>Where the head runs: <see cref="ExecutionProvider.Cpu"/> or <see cref="ExecutionProvider.Cuda"/>.</summary>
    public ExecutionProvider Provider => _head.Packed.Decoder.IsOnHost ? ExecutionProvider.Cpu : ExecutionProvider.Cuda;

    /// <summary>The target's states that it reads, joined in this order (<see cref="OnnxModelOptions"/> of the target has to name them).</summary>
    public IReadOnlyList<string> RequiredStates => _head.Layout.States;

    /// <inheritdoc/>
    public int ContextLength => _head.Packed.Decoder.Folder.ContextLength;

    /// <inheritdoc cref="OnnxDraftModel.MaxBatchSize"/>
    public int MaxBatchSize => _head.Packed.Sessions is null ? 1 : PackedSession.MaxSlots;

    /// <inheritdoc cref="IDraftModel.ReadsStates"/>
    /// <value><see langword="true"/>.</value>
    public bool ReadsStates => true;

    /// <inheritdoc cref="IDraftModel.HeedsCancellation"/>
    /// <value><see langword="true"/>: it looks at its tokens between two runs.</value>
    public bool HeedsCancellation => true;

    /// <inheritdoc cref="IDraftModel.WantsWarmUp"/>
    /// <value><see langword="true"/>.</value>
    public bool WantsWarmUp => true;

    /// <inheritdoc cref="OnnxDraftModel.ExpectedAgreement"/>
    public IReadOnlyList<double> ExpectedAgreement { get; }

    /// <summary>The folder's name and the size of its files.</summary>
    public string? Fingerprint => _head.Packed.Decoder.Folder.Fingerprint;

    /// <summary>What is held of the head now.</summary>
    internal DecoderUse Use => _head.Packed.Use with { Rented = _head.Packed.Use.Rented + _batches.Rented };

    /// <summary>Completes when no session for several requests is being made.</summary>
    internal Task SessionsSettled => _head.Packed.Settled;

    /// <summary>Loads a head on a thread of its own.</summary>
    /// <param name="options">The folder and how to run it. Without a number of threads it uses the processors, up to four.</param>
    /// <param name="logger">Receives how it runs; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <returns>The loaded head.</returns>
    /// <exception cref="ModelLoadException">The folder, the head or the provider cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The load was stopped.</exception>
    public static Task<OnnxHeadModel> LoadAsync(OnnxHeadOptions options, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LoadAsync(options, options.Name, target: null, logger ?? NullLogger.Instance, cancellationToken);
    }

    /// <summary>Loads a head that is called by a name in place of its own, for a target whose files are known.</summary>
    internal static Task<OnnxHeadModel> LoadAsync(OnnxHeadOptions options, string? name, HeadTarget? target, ILogger logger, CancellationToken cancellationToken) => BlockingLoad.RunAsync(
        () => new OnnxHeadModel(LoadedHead.Open(options.ToHeadRequest(), target, options.ToSessionRequest(ThreadBudget.Head), logger, cancellationToken), name, logger),
        cancellationToken);

    /// <inheritdoc/>
    public string? FindMisfit(ITargetVerifier target, ITextTokenizer? tokenizer)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new HeadFit(_head).FindMisfit(target);
    }

    /// <inheritdoc/>
    public IDraftSequence OpenSequence(SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OnnxHeadSequence(_head, options);
    }

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        RunBatch run = _batches.Rent();
        try
        {
            foreach (DraftRequest request in batch)
                run.Add(((OnnxHeadSequence)request.Sequence).For(request));
            run.Run(cancellationToken);
        }
        finally
        {
            run.Clear();
            _batches.Return(run);
        }
    }

    /// <summary>Frees the head. No sequence may be in use any more.</summary>
    public void Dispose() => _head.Dispose();
}
