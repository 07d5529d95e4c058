using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Drafting;
using Minions.Core.GenAI.Loading;
using Minions.Core.GenAI.Sequences;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Tokenization;

namespace Minions.Core.GenAI;

/// <summary>A draft that runs on ONNX Runtime GenAI: any decoder of text that GenAI loads and can take back to an earlier position.</summary>
/// <remarks>
/// <para>Safe to use from several threads; sequences are not. Requests are run one after another: GenAI's generators share no run.</para>
/// <para>
/// It may run anywhere GenAI does, also beside a target that runs elsewhere, such as a draft on the CPU or an NPU for a target on a GPU. Ids that it
/// has no embedding of are never guessed; where a text holds one, it reads its own end token there.
/// </para>
/// </remarks>
public sealed class GenAIDraftModel : IDraftModel
{
    private readonly GenAIModel _model;

    private readonly bool _comparesTokenizers;

    private GenAIDraftModel(GenAIModel model, bool comparesTokenizers, IReadOnlyList<double> expectedAgreement)
    {
        (_model, _comparesTokenizers) = (model, comparesTokenizers);
        ExpectedAgreement = expectedAgreement;
    }

    /// <summary><see cref="GenAIModelOptions.Name"/>, or else the name of the model's folder.</summary>
    public string Name => _model.Name;

    /// <inheritdoc/>
    public int ContextLength => _model.Configuration.UsableLength;

    /// <inheritdoc cref="IDraftModel.SupportsPreDrafting"/>
    /// <value><see langword="true"/>.</value>
    public bool SupportsPreDrafting => true;

    /// <inheritdoc cref="IDraftModel.HeedsCancellation"/>
    /// <value><see langword="true"/>: it looks at its tokens between two runs.</value>
    public bool HeedsCancellation => true;

    /// <inheritdoc cref="IDraftModel.WantsWarmUp"/>
    /// <value><see langword="true"/>.</value>
    public bool WantsWarmUp => true;

    /// <summary>From <c>speculation.json</c> in the model's folder, where it lies.</summary>
    public IReadOnlyList<double> ExpectedAgreement { get; }

    /// <summary>The folder's name and the size of its files.</summary>
    public string? Fingerprint => _model.Fingerprint;

    /// <summary>How many generators are open.</summary>
    internal int OpenGenerators => _model.OpenGenerators;

    /// <summary>Loads a draft on a thread of its own.</summary>
    /// <param name="options">The folder and how to run it. Where nothing names a number of threads, one: drafts run side by side.</param>
    /// <param name="logger">Receives what is unusual about the model; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops the load between its steps; GenAI's own load of a model cannot be stopped.</param>
    /// <returns>The loaded draft.</returns>
    /// <exception cref="ModelLoadException">The folder, the model, the provider or GenAI's native library cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The load was stopped.</exception>
    public static Task<GenAIDraftModel> LoadAsync(GenAIModelOptions options, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LoadThread.RunAsync(() => Load(options, logger ?? NullLogger.Instance, cancellationToken), cancellationToken);
    }

    internal static GenAIDraftModel Load(GenAIModelOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        GenAIModel model = GenAIModel.Load(options, defaultThreads: 1, cancellationToken);
        if (model.Configuration.IsShortened)
            GenAITargetVerifier.IsShortened(logger, model.Folder, model.Configuration.UsableLength, model.Configuration.Type, model.Configuration.ContextLength);
        return new GenAIDraftModel(model, options.ReadsTokenizer, ModelFolderFiles.ReadExpectedAgreement(model.Folder, logger));
    }

    /// <inheritdoc/>
    /// <remarks>Refused is a draft whose <c>tokenizer.json</c> gives an id another meaning than the pipeline's tokenizer.</remarks>
    /// <exception cref="ModelLoadException">The draft's tokenizer cannot be read.</exception>
    public string? FindMisfit(ITargetVerifier target, ITextTokenizer? tokenizer) =>
        _comparesTokenizers && tokenizer is not null && TokenizerComparison.FindDifference(tokenizer, _model.Folder) is { } difference
            ? $"{difference}. Take a draft that was made for this target's tokenizer"
            : null;

    /// <inheritdoc/>
    public IDraftSequence OpenSequence(SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new GenAIDraftSequence(_model, options);
    }

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            try
            {
                ((GenAIDraftSequence)request.Sequence).Propose(request, cancellationToken);
            }
            catch (Exception fault)
            {
                request.Fail(fault);
            }
        }
    }

    /// <summary>Frees the model; GenAI keeps it until the last sequence is disposed.</summary>
    public void Dispose() => _model.Dispose();
}
