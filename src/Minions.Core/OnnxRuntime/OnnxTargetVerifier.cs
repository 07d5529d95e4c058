using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.Verification;

namespace Minions.Core.OnnxRuntime;

/// <summary>A target that runs on ONNX Runtime, from a model folder of ONNX Runtime GenAI's layout or a Hugging Face ONNX export.</summary>
/// <remarks>Safe to use from several threads; sequences are not.</remarks>
public sealed class OnnxTargetVerifier : ITargetVerifier
{
    private readonly OnnxDecoder _decoder;

    private OnnxTargetVerifier(OnnxDecoder decoder, Exactness exactness)
    {
        _decoder = decoder;
        Exactness = exactness;
    }

    /// <summary>The name of the model's folder.</summary>
    public string Name => _decoder.Folder.Name;

    /// <summary>Where the model runs: <see cref="ExecutionProvider.Cpu"/> or <see cref="ExecutionProvider.Cuda"/>.</summary>
    public ExecutionProvider Provider => _decoder.Provider;

    /// <summary>The ids that end a text, by the folder's configuration.</summary>
    public IReadOnlyList<int> EndTokens => _decoder.Folder.EndTokenIds;

    /// <inheritdoc/>
    public int ContextLength => _decoder.Folder.ContextLength;

    /// <inheritdoc/>
    public int VocabularySize => _decoder.Signature.VocabularySize;

    /// <inheritdoc/>
    public Exactness Exactness { get; }

    /// <summary>Loads a target and probes whether it computes bit-identical results here, on a thread of its own.</summary>
    /// <param name="options">The folder and how to run it. Without a number of threads it uses all processors.</param>
    /// <param name="logger">Hears which provider runs it; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <returns>The loaded target.</returns>
    /// <exception cref="ModelLoadException">The folder, the model or the provider cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The load was stopped.</exception>
    public static Task<OnnxTargetVerifier> LoadAsync(OnnxModelOptions options, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return BlockingLoad.RunAsync(
            () =>
            {
                OnnxDecoder decoder = OnnxDecoder.Open(options, ThreadBudget.Target, logger ?? NullLogger.Instance, cancellationToken);
                try
                {
                    return new OnnxTargetVerifier(decoder, ExactnessProbe.Run(decoder, cancellationToken));
                }
                catch
                {
                    decoder.Dispose();
                    throw;
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ITargetSequence OpenSequence(SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OnnxSequence(_decoder.OpenCache(options.ExpectedLength), options.BitIdentical);
    }

    /// <inheritdoc/>
    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        foreach (VerificationRequest request in batch)
        {
            try
            {
                Verify(request, cancellationToken);
            }
            catch (Exception fault)
            {
                request.Fail(fault);
            }
        }
    }

    /// <summary>Frees the model. No sequence may be in use any more.</summary>
    public void Dispose() => _decoder.Dispose();

    private static void Verify(VerificationRequest request, CancellationToken cancellationToken)
    {
        var sequence = (OnnxSequence)request.Sequence;
        ReadOnlySpan<int> ids = request.Ids.Span;
        int firstWanted = ids.Length - request.RowsWanted;
        bool wantsMore = request.RowsWanted > 0;

        sequence.Rewind(ids, request.RowsWanted);
        while (sequence.RunChunk(ids))
        {
            for (int position = Math.Max(firstWanted, sequence.ChunkStart); wantsMore && position < sequence.Ids.Length; position++)
                wantsMore = request.Choose(sequence.LogitsAfter(position));

            if (sequence.Ids.Length < ids.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                request.Cancellation.ThrowIfCancellationRequested();
            }
        }
    }
}
