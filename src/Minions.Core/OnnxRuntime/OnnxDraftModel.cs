using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Drafting;
using Minions.Core.Files;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Packing;

namespace Minions.Core.OnnxRuntime;

/// <summary>A draft that runs on ONNX Runtime, from a model folder of ONNX Runtime GenAI's layout or a Hugging Face ONNX export.</summary>
/// <remarks>
/// <para>Safe to use from several threads; sequences are not.</para>
/// <para>
/// <b>Scores</b> (<see cref="DraftRequest.Score"/>) are read from the rows that a call runs to take in what is new of a text; nothing is run for
/// them, but the head computes these rows too. A call scores as many ids as 1 048 576 logits make rows: 64 with a head of up to 16 384 columns,
/// 21 with 49 152, 6 with 151 936.
/// </para>
/// <para>
/// <b>Ids that the draft has no embedding of</b>, such as special tokens that only the target knows, are never guessed. Where a text holds one, the
/// draft reads its own end token there, which like a special token parts what is before from what follows; without one it reads id 0.
/// </para>
/// </remarks>
public sealed class OnnxDraftModel : IDraftModel
{
    private readonly PackedDecoder _packed;
    private readonly ObjectPool<RunBatch> _batches;

    private OnnxDraftModel(PackedDecoder packed, string? name, ILogger logger)
    {
        _packed = packed;
        Name = name ?? packed.Decoder.Folder.Name;
        ExpectedAgreement = AgreementFile.Read(packed.Decoder.Folder.Path, logger);
        _batches = new ObjectPool<RunBatch>(() => new RunBatch(packed));
    }

    /// <summary><see cref="OnnxModelOptions.Name"/>, or else the name of the model's folder.</summary>
    public string Name { get; }

    /// <summary>Where the model runs: <see cref="ExecutionProvider.Cpu"/> or <see cref="ExecutionProvider.Cuda"/>.</summary>
    public ExecutionProvider Provider => _packed.Decoder.IsOnHost ? ExecutionProvider.Cpu : ExecutionProvider.Cuda;

    /// <inheritdoc/>
    public int ContextLength => _packed.Decoder.Folder.ContextLength;

    /// <summary>
    /// 16 where several requests can share a run: on the CPU, for graphs whose attention is GroupQueryAttention or ONNX's own and whose other operators
    /// work row by row. Else 1.
    /// </summary>
    public int MaxBatchSize => _packed.Sessions is null ? 1 : PackedSession.MaxSlots;

    /// <inheritdoc cref="IDraftModel.SupportsPreDrafting"/>
    /// <value><see langword="true"/>.</value>
    public bool SupportsPreDrafting => true;

    /// <inheritdoc cref="IDraftModel.HeedsCancellation"/>
    /// <value><see langword="true"/>: it looks at its tokens between two runs.</value>
    public bool HeedsCancellation => true;

    /// <inheritdoc cref="IDraftModel.WantsWarmUp"/>
    /// <value><see langword="true"/>.</value>
    public bool WantsWarmUp => true;

    /// <summary>
    /// From <c>speculation.json</c> in the model's folder, where it lies: an object with <c>"version": 1</c> and <c>"agreement"</c>, a list of 1 to 64
    /// numbers between 0 and 1. A file that is anything else is ignored, with a warning.
    /// </summary>
    public IReadOnlyList<double> ExpectedAgreement { get; }

    /// <summary>The folder's name and the size of its files.</summary>
    public string? Fingerprint => _packed.Decoder.Folder.Fingerprint;

    /// <summary>
    /// The bytes of keys and values of open sequences, capacity that is not filled yet included; <see langword="null"/> where every run makes new
    /// tensors of them, whose memory is ONNX Runtime's.
    /// </summary>
    public long? CacheBytes => _packed.Decoder.SharesBuffers ? _packed.Decoder.CacheBytes : null;

    /// <summary>What is held of the model now.</summary>
    internal DecoderUse Use => _packed.Use with { Rented = _packed.Use.Rented + _batches.Rented };

    /// <summary>Completes when no session for several requests is being made.</summary>
    internal Task SessionsSettled => _packed.Settled;

    /// <summary>Loads a draft on a thread of its own.</summary>
    /// <param name="options">The folder and how to run it. Without a number of threads it uses one: drafts run side by side.</param>
    /// <param name="logger">Receives which provider runs it; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <returns>The loaded draft.</returns>
    /// <exception cref="ModelLoadException">The folder, the model or the provider cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The load was stopped.</exception>
    public static Task<OnnxDraftModel> LoadAsync(OnnxModelOptions options, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LoadAsync(options, options.Name, files: null, logger ?? NullLogger.Instance, cancellationToken);
    }

    /// <summary>Loads a draft that is called by a name in place of its own.</summary>
    internal static Task<OnnxDraftModel> LoadAsync(OnnxModelOptions options, string? name, IProgress<FileOpening>? files, ILogger logger, CancellationToken cancellationToken) => BlockingLoad.RunAsync(
        () => new OnnxDraftModel(PackedDecoder.Open(options.Folder, options.ToSessionRequest(ThreadBudget.Draft) with { Files = files }, logger, cancellationToken), name, logger),
        cancellationToken);

    /// <inheritdoc/>
    public IDraftSequence OpenSequence(SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OnnxDraftSequence(_packed, options);
    }

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        RunBatch run = _batches.Rent();
        try
        {
            foreach (DraftRequest request in batch)
                run.Add(((OnnxDraftSequence)request.Sequence).For(request));
            run.Run(cancellationToken);
        }
        finally
        {
            run.Clear();
            _batches.Return(run);
        }
    }

    /// <summary>Frees the model. No sequence may be in use any more.</summary>
    public void Dispose() => _packed.Dispose();
}
