using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.GenAI.Loading;
using Minions.Core.GenAI.Sequences;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Tokenization;
using Minions.Core.Verification;

namespace Minions.Core.GenAI;

/// <summary>A target that runs on ONNX Runtime GenAI: any decoder of text that GenAI loads and can take back to an earlier position.</summary>
/// <remarks>
/// <para>Safe to use from several threads; sequences are not. Requests are run one after another: GenAI's generators share no run.</para>
/// <para>
/// <b>One generator a request</b>, which holds its keys and values for as many ids as the request may come to have. It is only asked for the logits
/// of the ids it is given, never for a next token: the request's own selector chooses, so greedy, seeded and penalised texts are those of any
/// other target.
/// </para>
/// <para>
/// <b>Rows.</b> In bit-identical mode no run is one row wide: the last id before is taken back and run once more. Where a model gives the logits of a
/// run's last id alone, chains are checked one id after another; they are right, but bring no speed, which one warning says.
/// </para>
/// <para>
/// <b>Lengths.</b> Models of the types <c>phi3</c> and <c>phimoe</c> take texts of up to 4 096 ids, and <c>phi3small</c> of 8 192: GenAI changes
/// their rotary factors there only where it generates by itself. Load them by
/// <see cref="Minions.Core.DependencyInjection.MinionsBuilder.UseTarget(string)"/> for longer texts.
/// </para>
/// </remarks>
public sealed partial class GenAITargetVerifier : ITargetVerifier
{
    private readonly GenAIModel _model;

    private GenAITargetVerifier(GenAIModel model, Exactness exactness, ITextTokenizer? tokenizer, ModelDefaults defaults) =>
        (_model, Exactness, Tokenizer, ModelDefaults) = (model, exactness, tokenizer, defaults);

    /// <summary><see cref="GenAIModelOptions.Name"/>, or else the name of the model's folder.</summary>
    public string Name => _model.Name;

    /// <inheritdoc/>
    public int ContextLength => _model.Configuration.UsableLength;

    /// <inheritdoc/>
    public int VocabularySize => _model.Configuration.VocabularySize;

    /// <inheritdoc/>
    public Exactness Exactness { get; }

    /// <summary><c>eos_token_id</c> of <c>genai_config.json</c>, or else the end token that the tokenizer's files name.</summary>
    public IReadOnlyList<int> EndTokens => _model.EndTokens;

    /// <summary>What <c>search</c> in <c>genai_config.json</c> recommends.</summary>
    public ModelDefaults ModelDefaults { get; }

    /// <summary>The folder's <c>tokenizer.json</c>, or <see langword="null"/> without <see cref="GenAIModelOptions.ReadsTokenizer"/>.</summary>
    public ITextTokenizer? Tokenizer { get; }

    /// <inheritdoc cref="ITargetVerifier.WantsWarmUp"/>
    /// <value><see langword="true"/>.</value>
    public bool WantsWarmUp => true;

    /// <summary>The full path of the model's folder.</summary>
    public string? ModelFolder => _model.Folder;

    /// <summary>The folder's name and the size of its files.</summary>
    public string? Fingerprint => _model.Fingerprint;

    /// <summary>How many generators are open: as many as there are requests, and texts kept for the next turn.</summary>
    internal int OpenGenerators => _model.OpenGenerators;

    /// <summary>Loads a target and probes whether it computes bit-identical results here, on a thread of its own.</summary>
    /// <param name="options">The folder and how to run it. Where nothing names a number of threads, all processors.</param>
    /// <param name="logger">Receives what is unusual about the model; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops the load between its steps; GenAI's own load of a model cannot be stopped.</param>
    /// <returns>The loaded target.</returns>
    /// <exception cref="ModelLoadException">The folder, the model, the provider or GenAI's native library cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The load was stopped.</exception>
    public static Task<GenAITargetVerifier> LoadAsync(GenAIModelOptions options, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LoadThread.RunAsync(() => Load(options, logger ?? NullLogger.Instance, cancellationToken), cancellationToken);
    }

    internal static GenAITargetVerifier Load(GenAIModelOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        // What takes no time comes first.
        GenAIConfiguration.Read(options.Folder);
        HuggingFaceTokenizer? tokenizer = options.ReadsTokenizer ? HuggingFaceTokenizer.Load(options.Folder) : null;
        GenAIModel model = GenAIModel.Load(options, Environment.ProcessorCount, cancellationToken);
        try
        {
            Exactness exactness = GenAINatives.Guard(options.Folder, options.Provider, () => ExactnessProbe.Run(model, cancellationToken));
            if (model.Rows == RowOutput.Last)
                ShowsLastRowOnly(logger, model.Folder);
            if (model.Configuration.IsShortened)
                IsShortened(logger, model.Folder, model.Configuration.UsableLength, model.Configuration.Type, model.Configuration.ContextLength);
            if (model.EndTokens.Count == 0)
                NoEndToken(logger, model.Folder);
            return new GenAITargetVerifier(model, exactness, tokenizer, ModelFolderFiles.ReadDefaults(model.Folder));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The request names an adapter that was not loaded (<see cref="GenAIModelOptions.AdapterProperty"/>).</exception>
    public ITargetSequence OpenSequence(SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _model.RefuseUnknownAdapter(options.Properties);
        return new GenAITargetSequence(_model, options);
    }

    /// <inheritdoc/>
    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        foreach (VerificationRequest request in batch)
        {
            try
            {
                ((GenAITargetSequence)request.Sequence).Verify(request, cancellationToken);
            }
            catch (Exception fault)
            {
                request.Fail(fault);
            }
        }
    }

    /// <summary>Frees the model; GenAI keeps it until the last sequence is disposed.</summary>
    public void Dispose() => _model.Dispose();

    [LoggerMessage(40, LogLevel.Warning, "'{Folder}' gives the logits of the last id of a run alone: chains are checked one id after another, which is right but brings no speed. Export it with the logits of every id.")]
    private static partial void ShowsLastRowOnly(ILogger logger, string folder);

    [LoggerMessage(41, LogLevel.Warning, "'{Folder}' takes texts of up to {Usable} ids: as a model of type {Type} it would have to be run afresh beyond, up to its {Length}. Load it by UseTarget for longer ones.")]
    internal static partial void IsShortened(ILogger logger, string folder, int usable, string type, int length);

    [LoggerMessage(42, LogLevel.Warning, "Nothing in '{Folder}' names an end token: unless the pipeline is given some (EndTokens), texts end by their length or a stop sequence only.")]
    private static partial void NoEndToken(ILogger logger, string folder);
}
