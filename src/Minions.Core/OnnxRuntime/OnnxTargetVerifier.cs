using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Files;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.OnnxRuntime.Sessions;
using Minions.Core.States;
using Minions.Core.Verification;

namespace Minions.Core.OnnxRuntime;

/// <summary>A target that runs on ONNX Runtime, from a model folder of ONNX Runtime GenAI's layout or a Hugging Face ONNX export.</summary>
/// <remarks>Safe to use from several threads; sequences are not.</remarks>
public sealed partial class OnnxTargetVerifier : ITargetVerifier
{
    private readonly PackedDecoder _packed;
    private readonly ObjectPool<RunBatch> _batches;

    private OnnxTargetVerifier(PackedDecoder packed, Exactness exactness, string? name)
    {
        _packed = packed;
        Name = name ?? packed.Decoder.Folder.Name;
        Exactness = exactness;
        bool packs = packed.Sessions is not null && exactness.IsGuaranteed;
        States = StateReader.LayoutOf(packed);
        MaxBatchSize = packs ? PackedSession.MaxSlots : 1;
        _batches = new ObjectPool<RunBatch>(() => new RunBatch(packs ? packed : null));
    }

    /// <summary><see cref="OnnxModelOptions.Name"/>, or else the name of the model's folder.</summary>
    public string Name { get; }

    /// <summary>Where the model runs: <see cref="ExecutionProvider.Cpu"/> or <see cref="ExecutionProvider.Cuda"/>.</summary>
    public ExecutionProvider Provider => _packed.Decoder.IsOnHost ? ExecutionProvider.Cpu : ExecutionProvider.Cuda;

    /// <summary>The ids that end a text, by the folder's configuration or else by its tokenizer's.</summary>
    public IReadOnlyList<int> EndTokens => _packed.Decoder.Folder.EndTokenIds;

    /// <summary>What <c>generation_config.json</c>, or <c>search</c> in <c>genai_config.json</c>, recommends.</summary>
    public ModelDefaults ModelDefaults => _packed.Decoder.Folder.Defaults;

    /// <inheritdoc/>
    public int ContextLength => _packed.Decoder.Folder.ContextLength;

    /// <inheritdoc/>
    public int VocabularySize => _packed.Decoder.Signature.VocabularySize;

    /// <inheritdoc/>
    public Exactness Exactness { get; }

    /// <summary>The states that <see cref="OnnxModelOptions.States"/> asks for, then those that the heads of its pipeline do, each once; <see langword="null"/> where it asks for none.</summary>
    public StateLayout? States { get; }

    /// <summary>
    /// 16 where several requests can share a run, each with the logits, bit for bit, that it has alone: on the CPU, for graphs whose
    /// attention is GroupQueryAttention or ONNX's own and whose other operators work row by row. Else 1.
    /// </summary>
    public int MaxBatchSize { get; }

    /// <inheritdoc cref="ITargetVerifier.WantsWarmUp"/>
    /// <value><see langword="true"/>.</value>
    public bool WantsWarmUp => true;

    /// <summary>The full path of the model's folder.</summary>
    public string? ModelFolder => _packed.Decoder.Folder.Path;

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

    /// <summary>Loads a target and probes whether it computes bit-identical results here, on a thread of its own.</summary>
    /// <param name="options">The folder and how to run it. Without a number of threads it uses all processors.</param>
    /// <param name="logger">Receives which provider runs it; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <returns>The loaded target.</returns>
    /// <exception cref="ModelLoadException">The folder, the model or the provider cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The load was stopped.</exception>
    public static Task<OnnxTargetVerifier> LoadAsync(OnnxModelOptions options, ILogger? logger = null, CancellationToken cancellationToken = default) =>
        LoadAsync(options, [], needsEndToken: true, files: null, logger, cancellationToken);

    /// <param name="options">The folder and how to run it.</param>
    /// <param name="states">The states that it gives beside those that the options name.</param>
    /// <param name="needsEndToken">Whether nobody but the folder names end tokens, so that a warning is due where it names none.</param>
    /// <param name="files">Hears of the files that are opened, or <see langword="null"/>.</param>
    /// <param name="logger">Receives how it runs.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    internal static Task<OnnxTargetVerifier> LoadAsync(OnnxModelOptions options, IReadOnlyList<string> states, bool needsEndToken, IProgress<FileOpening>? files, ILogger? logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return BlockingLoad.RunAsync(
            () =>
            {
                SessionRequest request = options.ToSessionRequest(ThreadBudget.Target, [.. options.States.Concat(states).Distinct(StringComparer.Ordinal)]) with { Files = files };
                PackedDecoder packed = PackedDecoder.Open(options.Folder, request, logger ?? NullLogger.Instance, cancellationToken);
                try
                {
                    var verifier = new OnnxTargetVerifier(packed, ExactnessProbe.Run(packed.Decoder, cancellationToken), options.Name);
                    if (needsEndToken && verifier.EndTokens.Count == 0)
                        NoEndToken(logger ?? NullLogger.Instance, options.Folder);
                    return verifier;
                }
                catch
                {
                    packed.Dispose();
                    throw;
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ITargetSequence OpenSequence(SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OnnxTargetSequence(_packed, options);
    }

    /// <inheritdoc/>
    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        RunBatch run = _batches.Rent();
        try
        {
            foreach (VerificationRequest request in batch)
                run.Add(((OnnxTargetSequence)request.Sequence).For(request));
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

    [LoggerMessage(27, LogLevel.Warning, "Nothing in '{Folder}' names an end token: unless the pipeline is given some (EndTokens), texts end by their length or a stop sequence only.")]
    private static partial void NoEndToken(ILogger logger, string folder);
}
