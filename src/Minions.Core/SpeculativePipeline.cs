using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;

namespace Minions.Core;

/// <summary>
/// Generates text with speculative decoding: drafts guess ahead and vote, the target checks the guess in one run, and the text is what the
/// target alone would have written (Minions, arXiv 2402.15678).
/// </summary>
/// <remarks>
/// Safe to use from several threads at once; concurrent calls share the models and the pipeline's threads. A call that fails, is cancelled
/// or abandoned touches no other.
/// </remarks>
public sealed class SpeculativePipeline : IAsyncDisposable, IDisposable
{
    private readonly LoadListeners _listeners;
    private readonly SharedLoad<SpeculationEngine> _engine;
    private readonly Lazy<Task> _disposal;
    private volatile bool _stopped;
    private volatile bool _disposed;

    // The overloads differ in the type of their first, required parameter, so optional ones behind it cannot become ambiguous.
#pragma warning disable RS0026
    /// <summary>Makes a pipeline of models that are loaded already.</summary>
    /// <param name="components">
    /// Target, drafts and policies; the lists are copied. The pipeline disposes the models unless told to leave them open.
    /// </param>
    /// <param name="options">How the pipeline runs; <see langword="null"/> for the defaults. Later changes have no effect.</param>
    /// <param name="logger">Hears of failing drafts and missing exactness; <see langword="null"/> for none.</param>
    /// <param name="timeProvider">The clock of all measurements; <see langword="null"/> for the system's.</param>
    /// <param name="meterFactory">Makes and owns the pipeline's meter; <see langword="null"/> for one of its own, which ends with it.</param>
    /// <exception cref="ArgumentException">Components or options contradict themselves.</exception>
    public SpeculativePipeline(
        PipelineComponents components,
        PipelineOptions? options = null,
        ILogger<SpeculativePipeline>? logger = null,
        TimeProvider? timeProvider = null,
        IMeterFactory? meterFactory = null)
        : this(Loaded(components), options, logger, timeProvider, meterFactory) =>
        _engine.GetAsync(CancellationToken.None).GetAwaiter().GetResult(); // Nothing is loaded, so the task has ended already.

    /// <summary>Makes a pipeline that loads its models on <see cref="LoadAsync(CancellationToken)"/> or on the first call.</summary>
    /// <param name="load">
    /// Loads the models; called once for all callers, and again after it failed. It should do its blocking work off the thread pool.
    /// </param>
    /// <param name="options">How the pipeline runs; <see langword="null"/> for the defaults. Later changes have no effect.</param>
    /// <param name="logger">Hears of failing drafts and missing exactness; <see langword="null"/> for none.</param>
    /// <param name="timeProvider">The clock of all measurements; <see langword="null"/> for the system's.</param>
    /// <param name="meterFactory">Makes and owns the pipeline's meter; <see langword="null"/> for one of its own, which ends with it.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SpeculativePipeline(
        Func<CancellationToken, Task<PipelineComponents>> load,
        PipelineOptions? options = null,
        ILogger<SpeculativePipeline>? logger = null,
        TimeProvider? timeProvider = null,
        IMeterFactory? meterFactory = null)
        : this(Silent(load), options, logger, timeProvider, meterFactory, name: "")
    {
    }

#pragma warning restore RS0026

    /// <param name="load">Loads the models and reports how that goes.</param>
    /// <param name="options">How the pipeline runs.</param>
    /// <param name="logger">Hears of what goes wrong.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="meterFactory">Makes the meter.</param>
    /// <param name="name">The name that measurements are tagged with; empty for none.</param>
    internal SpeculativePipeline(
        Func<IProgress<LoadProgress>, CancellationToken, Task<PipelineComponents>> load,
        PipelineOptions? options,
        ILogger<SpeculativePipeline>? logger,
        TimeProvider? timeProvider,
        IMeterFactory? meterFactory,
        string name)
    {
        PipelineOptions settled = (options ?? new PipelineOptions()).Settle();
        _disposal = new Lazy<Task>(DisposeOnceAsync);
        _listeners = new LoadListeners(logger ?? NullLogger<SpeculativePipeline>.Instance);
        _engine = new SharedLoad<SpeculationEngine>(async cancellationToken =>
        {
            PipelineComponents components = await load(_listeners, cancellationToken).ConfigureAwait(false);
            try
            {
                return Open(components, settled, logger ?? NullLogger<SpeculativePipeline>.Instance, timeProvider ?? TimeProvider.System, meterFactory, name);
            }
            catch
            {
                components.Dispose();
                throw;
            }
        }, engine => engine.DisposeAsync());
    }

    /// <summary>Whether the models are loaded.</summary>
    public bool IsLoaded => _engine.Value is not null;

    /// <summary>What is known of the pipeline once its models are loaded, as <see cref="LoadAsync(CancellationToken)"/> returns it.</summary>
    /// <exception cref="InvalidOperationException">The models are not loaded yet: await <see cref="LoadAsync(CancellationToken)"/> first.</exception>
    public PipelineInfo Info => LoadedEngine.Info;

    private SpeculationEngine LoadedEngine =>
        _engine.Value ?? throw new InvalidOperationException("The models of the pipeline are not loaded yet: await LoadAsync first.");

    // Overloads that differ in the type of their first parameter.
#pragma warning disable RS0026
    /// <summary>Loads the models ahead of the first call. Does nothing when they are loaded; callers share one load.</summary>
    /// <param name="cancellationToken">Ends the wait; the load itself is cancelled when nobody waits for it any more.</param>
    /// <returns>What is known of the pipeline now that its models are ready; <see cref="Info"/> from then on.</returns>
    /// <exception cref="ModelLoadException">A model cannot be used; a later call tries again.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">
    /// The options of a pipeline from <c>AddMinions</c> have faults, a folder that does not exist among them.
    /// </exception>
    /// <exception cref="PipelineStoppedException"><see cref="StopAsync"/> was called.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    /// <remarks>
    /// With <see cref="PipelineOptions.WarmUp"/> the pipeline then runs a text of its own for some tenths of a second, so that the first answers cost
    /// what later ones do.
    /// </remarks>
    public Task<PipelineInfo> LoadAsync(CancellationToken cancellationToken = default) => LoadAsync(progress: null, cancellationToken);

    /// <summary>Loads the models ahead of the first call and reports how that goes.</summary>
    /// <param name="progress">
    /// Hears of phases and files, in order, on the threads that load: it should return at once. What it throws is logged. Files are told of by pipelines
    /// from <c>AddMinions</c>, for models from folders of their options; one that joins a load under way hears of the rest.
    /// <see langword="null"/> for nobody.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; the load itself is cancelled when nobody waits for it any more.</param>
    /// <inheritdoc cref="LoadAsync(CancellationToken)" path="/returns|/exception|/remarks"/>
    public async Task<PipelineInfo> LoadAsync(IProgress<LoadProgress>? progress, CancellationToken cancellationToken = default)
    {
        SpeculationEngine engine = await LoadedAsync(cancellationToken, progress).ConfigureAwait(false);
        if (!engine.IsWarm)
            _listeners.Tell(progress, LoadPhase.WarmingUp);
        await engine.WarmUpAsync(cancellationToken).ConfigureAwait(false);
        _listeners.Tell(progress, LoadPhase.Ready);
        return engine.Info;
    }

#pragma warning restore RS0026

    /// <summary>
    /// Finds out whether the pipeline works, by having the target verify an id of a text of the pipeline's own. It waits for no admission, so it answers
    /// while the pipeline is full, and counts in no statistics.
    /// </summary>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>What was found; the target answered.</returns>
    /// <exception cref="InvalidOperationException">The models are not loaded yet: await <see cref="LoadAsync(CancellationToken)"/> first.</exception>
    /// <exception cref="ModelRunException">The run of the target failed.</exception>
    /// <exception cref="PipelineStoppedException"><see cref="StopAsync"/> was called.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    /// <remarks>
    /// Drafts that take part in warming up are asked, and those that were lost. Of others it is known from the requests before. Checks run one after
    /// another; each takes a run or two of the target, between those of requests.
    /// </remarks>
    public Task<PipelineHealth> CheckAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        return LoadedEngine.CheckAsync(cancellationToken);
    }

    /// <summary>
    /// Writes down what requests have taught about costs and drafts, as JSON, so that a later process need not learn it again. Prompts and answers
    /// are not in it.
    /// </summary>
    /// <param name="destination">Where to write; it is left open.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <returns>A task that ends when all is written.</returns>
    /// <exception cref="InvalidOperationException">The models are not loaded yet: await <see cref="LoadAsync(CancellationToken)"/> first.</exception>
    /// <exception cref="IOException">The destination cannot be written to.</exception>
    public Task SaveKnowledgeAsync(Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return LoadedEngine.SaveKnowledgeAsync(destination, cancellationToken);
    }

    /// <summary>
    /// Takes over what <see cref="SaveKnowledgeAsync"/> wrote, in place of what this pipeline has learnt so far. Speed depends on it, texts do not.
    /// What was written by another version, for other models or on another machine, or is damaged, is not used: a warning says why.
    /// </summary>
    /// <param name="source">Where to read; it is left open.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>Whether it was used.</returns>
    /// <exception cref="InvalidOperationException">The models are not loaded yet: await <see cref="LoadAsync(CancellationToken)"/> first.</exception>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public Task<bool> LoadKnowledgeAsync(Stream source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return LoadedEngine.LoadKnowledgeAsync(source, cancellationToken);
    }

    // Again overloads that differ in their first parameter.
#pragma warning disable RS0026
    /// <summary>Continues a text.</summary>
    /// <param name="prompt">The text to continue; a chat prompt has to be rendered by its template.</param>
    /// <param name="options">What is asked for; <see langword="null"/> for <see cref="GenerationOptions.Default"/>.</param>
    /// <param name="cancellationToken">Ends the request within one verification.</param>
    /// <returns>The text with its ids, usage and statistics.</returns>
    /// <exception cref="ArgumentException">The prompt is empty or does not fit the context, or an option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">
    /// The pipeline has no tokenizer, or its voting policy or length controller answered out of range. What these throw themselves comes as it
    /// is. The pipeline can be used afterwards.
    /// </exception>
    /// <exception cref="ModelLoadException">A model cannot be used.</exception>
    /// <exception cref="LogitsProcessorException">A logits processor of the request threw or left no id to choose.</exception>
    /// <exception cref="ModelRunException">A run of the target failed.</exception>
    /// <exception cref="PipelineBusyException">As many calls as are allowed wait for admission already.</exception>
    /// <exception cref="PipelineStoppedException"><see cref="StopAsync"/> was called.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public Task<GenerationResult> GenerateAsync(string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Prepare(new GenerationInput(prompt), options).RunAsync(null, cancellationToken);

    /// <summary>Continues a text given as ids.</summary>
    /// <param name="promptIds">The ids to continue, a begin token included where the model wants one.</param>
    /// <param name="options">What is asked for; <see langword="null"/> for <see cref="GenerationOptions.Default"/>.</param>
    /// <param name="cancellationToken">Ends the request within one verification.</param>
    /// <returns>The text with its ids, usage and statistics; without a tokenizer the text is empty.</returns>
    /// <inheritdoc cref="GenerateAsync(string, GenerationOptions?, CancellationToken)" path="/exception"/>
    public Task<GenerationResult> GenerateAsync(IReadOnlyList<int> promptIds, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Prepare(new GenerationInput(promptIds), options).RunAsync(null, cancellationToken);

    /// <summary>Continues a text and hands out each id as soon as it is certain. Nothing runs before the stream is used.</summary>
    /// <param name="prompt">The text to continue; a chat prompt has to be rendered by its template.</param>
    /// <param name="options">What is asked for; <see langword="null"/> for <see cref="GenerationOptions.Default"/>.</param>
    /// <param name="cancellationToken">
    /// Ends the request within one verification, whether it is enumerated or not. The token of an enumeration does so too; see
    /// <see cref="GenerationStream"/>.
    /// </param>
    /// <returns>The ids as they come, and the result in the end. Leaving the enumeration early ends the request.</returns>
    /// <inheritdoc cref="GenerateAsync(string, GenerationOptions?, CancellationToken)" path="/exception"/>
    public GenerationStream StreamAsync(string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        new(Prepare(new GenerationInput(prompt), options).RunAsync, cancellationToken);

    /// <summary>Continues a text given as ids and hands out each id as soon as it is certain. Nothing runs before the stream is used.</summary>
    /// <param name="promptIds">The ids to continue, a begin token included where the model wants one.</param>
    /// <param name="options">What is asked for; <see langword="null"/> for <see cref="GenerationOptions.Default"/>.</param>
    /// <param name="cancellationToken">
    /// Ends the request within one verification, whether it is enumerated or not. The token of an enumeration does so too; see
    /// <see cref="GenerationStream"/>.
    /// </param>
    /// <returns>The ids as they come, and the result in the end. Leaving the enumeration early ends the request.</returns>
    /// <inheritdoc cref="GenerateAsync(string, GenerationOptions?, CancellationToken)" path="/exception"/>
    public GenerationStream StreamAsync(IReadOnlyList<int> promptIds, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        new(Prepare(new GenerationInput(promptIds), options).RunAsync, cancellationToken);

    /// <summary>Lets no call in any more and waits until the requests in work have ended. Nothing is freed: dispose the pipeline afterwards.</summary>
    /// <remarks>
    /// Calls that wait for admission, and all later ones, end with a <see cref="PipelineStoppedException"/>. So do the requests that are still in
    /// work when the token is signalled. A load under way is cancelled. It may be called again, also while another call waits; each call's
    /// token ends all requests.
    /// </remarks>
    /// <param name="cancellationToken">
    /// Signalled when the time for requests in work is over, as in a host's shutdown. It ends them, not the wait for the runs that they are in,
    /// so the task never ends as cancelled.
    /// </param>
    /// <returns>How many requests were still in work when the time was over, once none is any more.</returns>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    public async Task<int> StopAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _stopped = true;
        if (_engine.Close() is { } load)
        {
            // A load that does not heed its cancellation is left to disposal.
            await ((Task)load).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_engine.Value is { } engine)
                return await engine.StopAsync(cancellationToken).ConfigureAwait(false);
        }

        return 0;
    }

#pragma warning restore RS0026

    /// <summary>Ends all requests with an <see cref="ObjectDisposedException"/>, waits for the runs in flight and frees the models.</summary>
    /// <returns>A task that ends when everything is freed; with the exception of a model whose disposal throws.</returns>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    /// <summary>Like <see cref="DisposeAsync"/>, blocking the calling thread; for containers that dispose synchronously.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal async Task<SpeculationEngine> LoadedAsync(CancellationToken cancellationToken, IProgress<LoadProgress>? progress = null)
    {
        ThrowIfClosed();
        if (progress is not null)
            _listeners.Add(progress);
        try
        {
            return await _engine.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when ((_disposed || _stopped) && !cancellationToken.IsCancellationRequested)
        {
            throw _disposed
                ? new ObjectDisposedException(nameof(SpeculativePipeline), "The pipeline was disposed while its models were loading.")
                : new PipelineStoppedException("The pipeline was stopped while its models were loading.");
        }
        finally
        {
            if (progress is not null)
                _listeners.Remove(progress);
        }
    }

    private void ThrowIfClosed()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_stopped)
            throw new PipelineStoppedException("The pipeline was stopped: it lets no call in any more.");
    }

    private async Task DisposeOnceAsync()
    {
        _disposed = true;
        if (_engine.Close() is { } load)
        {
            await load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_engine.Value is { } engine)
                await engine.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static Func<CancellationToken, Task<PipelineComponents>> Loaded(PipelineComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        PipelineComponents settled = components.Settle();
        return _ => Task.FromResult(settled);
    }

    private static Func<IProgress<LoadProgress>, CancellationToken, Task<PipelineComponents>> Silent(Func<CancellationToken, Task<PipelineComponents>> load)
    {
        ArgumentNullException.ThrowIfNull(load);
        return (_, cancellationToken) => load(cancellationToken);
    }

    private static SpeculationEngine Open(
        PipelineComponents components, PipelineOptions options, ILogger logger, TimeProvider time, IMeterFactory? meters, string name)
    {
        PipelineComponents settled = components.Settle();
        if (!settled.Target.Exactness.IsGuaranteed)
            LogMessages.NotExact(logger, settled.Target.GetType().Name, settled.Target.Exactness.Reason);
        return new SpeculationEngine(settled, options, time, logger, stage => new ThreadLane(stage), meters, name);
    }

    private GenerationCall Prepare(GenerationInput input, GenerationOptions? options)
    {
        ThrowIfClosed();
        GenerationOptions settled = options ?? GenerationOptions.Default;
        settled.Validate();
        return new GenerationCall(this, input, settled);
    }
}
