using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Diagnostics;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Pipeline.PreDrafting;
using Minions.Core.Speculation;

namespace Minions.Core.Pipeline;

/// <summary>
/// The running part of a pipeline: pools, stages and the lanes that drive them. A request goes from the caller into the intermediate pool
/// (its prompt is verified with an empty chain first), then to and fro between drafting and verification until its text ends. Drafting of
/// some requests overlaps verification of others (Minions, arXiv 2402.15678, section 4.3).
/// </summary>
internal sealed class SpeculationEngine : IAsyncDisposable
{
    private readonly PipelineComponents _components;
    private readonly PipelineOptions _options;
    private readonly TimeProvider _time;
    private readonly Admission _admission;
    private readonly DraftNameSets _names;
    private readonly StopSequenceReader _stopSequences;
    private readonly RequestQueue _running;
    private readonly VerificationQueue _toVerify;
    private readonly ILogger _logger;

    // First no request is let in any more and those in work are told to end, then runs in flight are told to.
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _shutdown = new();
    private readonly ConcurrentDictionary<RequestState, Task> _active = new();
    private int _inWork;
    private volatile bool _isDisposed;
    private readonly ExternalDrafts _externals;
    private readonly DraftStage? _draftStage;
    private readonly ILane? _draftLane;
    private readonly ILane _verifyLane;
    private readonly InlineDraftingStage? _turns;
    private readonly PrefixCache _prefixCache;
    private readonly PolicyKnowledge _knowledge;
    private readonly PreDraftExperiment? _experiment;
    private readonly Lazy<Task> _warmUp;
    private readonly PipelineMeter _meter;
    private readonly DraftCondition[] _draftConditions;
    private readonly SemaphoreSlim _checks = new(1);

    /// <summary>Makes the engine; its lanes run from then on.</summary>
    /// <param name="components">What it is composed of, settled.</param>
    /// <param name="options">How it runs, settled.</param>
    /// <param name="time">The clock of all measurements.</param>
    /// <param name="logger">Hears of what goes wrong.</param>
    /// <param name="openLane">Opens what drives a stage.</param>
    /// <param name="meters">Makes its meter; <see langword="null"/> for one of its own.</param>
    /// <param name="name">The name it is registered by; empty for the default pipeline.</param>
    public SpeculationEngine(
        PipelineComponents components, PipelineOptions options, TimeProvider time, ILogger logger, Func<IStage, ILane> openLane, IMeterFactory? meters = null, string name = "")
    {
        _components = components;
        Info = PipelineInfo.Of(components);
        _warmUp = new Lazy<Task>(WarmUpOnceAsync);
        _options = options;
        _time = time;
        _logger = logger;
        _admission = new Admission(options, Refusal, _closing.Token);
        _names = new DraftNameSets(components.Drafts);
        _stopSequences = new StopSequenceReader(components.Tokenizer, logger);
        _draftConditions = [.. components.Drafts.Select(_ => new DraftCondition())];
        var readings = new PipelineReadings(() => _active.Count, () => _admission.Waiting, () => components.Target.CacheBytes, draft => components.Drafts[draft].CacheBytes);
        _meter = new PipelineMeter(meters, new PipelineTags(name, Info.DraftNames, GenerationOptions.MaximumSpeculationLength), readings);

        // Beside those that are admitted there may be a check.
        int capacity = options.MaxConcurrentRequests + 1;
        _running = new RequestQueue("drafting", capacity);
        _toVerify = new VerificationQueue(capacity, Math.Max(1, components.Target.MaxBatchSize), Draft);

        int threads = options.DraftThreads ?? options.Processors;
        int batch = components.DraftBatch;
        SpeculationOptions speculation = options.Speculation;
        _knowledge = new PolicyKnowledge(
            components.Drafts.Count,
            components.VotingPolicy,
            components.LengthController ?? speculation.OpenController(),
            speculation.Weighting,
            speculation.DraftSelection == DraftSelection.All,
            batch)
        {
            FreeDrafts = components.FreeDrafts,
            Heads = components.Heads,
            ExpectedAgreement = [.. components.Drafts.Select(draft => draft.ExpectedAgreement)],
        };
        _experiment = options.OpenPreDraftExperiment(components.Drafts);
        _prefixCache = new PrefixCache(options.PrefixCacheSize, components.Drafts.Count, logger);
        _externals = new ExternalDrafts(components.Drafts, !components.LeaveOpen, options.DraftTimeLimit, time, logger, _shutdown.Token);
        IStage verify = new VerifyStage(
            _toVerify,
            components.Target,
            new RoundCommitter(components, _prefixCache, time, ToDrafting, ToVerification),
            _prefixCache,
            ToVerification,
            time,
            logger,
            _shutdown.Token);
        if (components.Drafts.Count > 0)
        {
            var runner = new DraftRunner(components.Drafts, _externals, DraftRuns.ThreadsFor(components.Drafts.Count, Math.Min(batch, options.MaxConcurrentRequests), threads), batch, time, logger, _shutdown.Token);
            PreDraftScheduler? preDraft = _experiment is null ? null : new PreDraftScheduler(runner, IsAlone, ToVerification, () => _draftLane!.Signal());
            var continuation = new ChainContinuation(components.Drafts, RowAllocation.LeastSurvival, logger, _shutdown.Token);
            _draftStage = new DraftStage(_running, _toVerify, ToVerification, runner, continuation, preDraft, batch, time, logger);
            _draftLane = openLane(preDraft is null ? _draftStage : new PreDraftStage(_draftStage));
            verify = _turns = new InlineDraftingStage(verify, _draftStage, _draftLane.Signal);
        }

        _verifyLane = openLane(verify);
    }

    public PipelineComponents Components => _components;

    public PipelineInfo Info { get; }

    /// <summary>Whether it has warmed up, as far as that is wanted.</summary>
    public bool IsWarm => _warmUp is { IsValueCreated: true, Value.IsCompleted: true };

    /// <summary>The requests in work, those in the pools twice.</summary>
    internal int Held => _active.Count + _running.Count + _toVerify.Count;

    /// <summary>
    /// Runs a text that nobody reads, so that the first request finds code compiled, memory at hand and the costs of runs known. All callers wait for the
    /// one run, which goes on when a caller leaves. Does nothing where the target does not want it. A fault is only logged: requests will meet it
    /// themselves.
    /// </summary>
    public Task WarmUpAsync(CancellationToken cancellationToken) => _warmUp.Value.WaitAsync(cancellationToken);

    private async Task WarmUpOnceAsync()
    {
        if (!_options.WarmUp || !_components.Target.WantsWarmUp || _components.Target.ContextLength < WarmUp.MinContext)
            return;

        var warmUp = new WarmUp(_components, _knowledge);
        long start = _time.GetTimestamp();
        try
        {
            await RunAsync(warmUp.Prompt, warmUp.Options, reader: null, warmUp.Knowledge, telemetry: null, CancellationToken.None).ConfigureAwait(false);
            LogMessages.WarmedUp(_logger, _time.GetElapsedTime(start).TotalSeconds);
        }
        catch (Exception fault)
        {
            UserCode.Guard(NullLogger.Instance, () => LogMessages.WarmUpFailed(_logger, fault));
        }
    }

    /// <summary>Writes down what requests have taught.</summary>
    public Task SaveKnowledgeAsync(Stream destination, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeAsync(destination, KnowledgeFile.Of(_knowledge, Fingerprints()), KnowledgeJson.Default.KnowledgeFile, cancellationToken);

    /// <summary>Takes over what requests of another pipeline have taught.</summary>
    /// <returns>Whether it could be used.</returns>
    public async Task<bool> LoadKnowledgeAsync(Stream source, CancellationToken cancellationToken)
    {
        string? reason = await KnowledgeFile.TakeAsync(source, _knowledge, Fingerprints(), cancellationToken).ConfigureAwait(false);
        if (reason is not null)
            LogMessages.KnowledgeIgnored(_logger, reason);
        return reason is null;
    }

    /// <summary>
    /// Has the target verify an id of a text that nobody reads, guessed by the drafts that take part in warming up and by those that are lost. It waits
    /// for other checks, not for admission, so that it answers while the pipeline is full.
    /// </summary>
    /// <returns>The drafts whose newest call failed or has not returned, and how long it took.</returns>
    public Task<PipelineHealth> CheckAsync(CancellationToken cancellationToken) =>
        CheckNextAsync(cancellationToken).WaitAsync(cancellationToken); // A run that hangs heeds no token, and who checks must hear of it.

    private async Task<PipelineHealth> CheckNextAsync(CancellationToken cancellationToken)
    {
        await _checks.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            long start = _time.GetTimestamp();
            var check = new HealthRun(_components, _knowledge, _draftConditions);
            await WorkAsync(check.Prompt, check.Options, reader: null, check.Knowledge, telemetry: null, cancellationToken).ConfigureAwait(false);
            return new PipelineHealth
            {
                LostDrafts = [.. Info.DraftNames.Where((_, draft) => _draftConditions[draft].IsLost)],
                Elapsed = _time.GetElapsedTime(start),
            };
        }
        finally
        {
            _checks.Release();
        }
    }

    /// <summary>Runs a request to its end, after waiting for admission without blocking a thread.</summary>
    public Task<GenerationResult> RunAsync(int[] prompt, GenerationOptions options, TokenReader? reader, CancellationToken cancellationToken) =>
        RequestTelemetry.IsWanted(_meter)
            ? RunReportedAsync(prompt, options, reader, cancellationToken)
            : RunAsync(prompt, options, reader, own: null, telemetry: null, cancellationToken);

    // The activity is the current one within this method only.
    private async Task<GenerationResult> RunReportedAsync(int[] prompt, GenerationOptions options, TokenReader? reader, CancellationToken cancellationToken)
    {
        using var telemetry = new RequestTelemetry(_meter, _time);
        try
        {
            GenerationResult result = await RunAsync(prompt, options, reader, own: null, telemetry, cancellationToken).ConfigureAwait(false);
            telemetry.Succeed(result);
            return result;
        }
        catch (Exception fault)
        {
            telemetry.Fail(fault);
            throw;
        }
    }

    private async Task<GenerationResult> RunAsync(
        int[] prompt, GenerationOptions options, TokenReader? reader, PolicyKnowledge? own, RequestTelemetry? telemetry, CancellationToken cancellationToken)
    {
        await _admission.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            telemetry?.Admitted();
            return await WorkAsync(prompt, options, reader, own, telemetry, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _admission.Leave();
        }
    }

    private async Task<GenerationResult> WorkAsync(
        int[] prompt, GenerationOptions options, TokenReader? reader, PolicyKnowledge? own, RequestTelemetry? telemetry, CancellationToken cancellationToken)
    {
        RequestState state = Admit(prompt, options, reader, own, telemetry, cancellationToken);
        try
        {
            return await state.Completion.ConfigureAwait(false);
        }
        finally
        {
            _active.TryRemove(state, out _);
        }
    }

    /// <summary>Lets no request in any more and waits until those in work have come to their end, or ends them when the time is over.</summary>
    /// <param name="limit">Signalled when the time is over.</param>
    /// <returns>How many were ended.</returns>
    public Task<int> StopAsync(CancellationToken limit) =>
        EndRequestsAsync(() => new PipelineStoppedException("The pipeline was stopped, and the request was still in work when the time for it was over."), limit);

    /// <summary>Ends all requests, waits until every stage has let go of them, then stops the lanes and frees the models.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await EndRequestsAsync(Disposed, new CancellationToken(canceled: !_options.DrainOnDispose)).ConfigureAwait(false);
        if (_draftLane is not null)
            await _draftLane.DisposeAsync().ConfigureAwait(false);
        await _verifyLane.DisposeAsync().ConfigureAwait(false);
        _draftStage?.Dispose();
        _prefixCache.Clear();

        // A draft may still be in a call that no round waits for any more. After a drain it has not heard yet that it should stop.
        await ShutDownAsync().ConfigureAwait(false);
        await _externals.DisposeAsync().ConfigureAwait(false);
        _components.Dispose(spared: _externals.Away);
        _meter.Dispose();
    }

    private async Task<int> EndRequestsAsync(Func<Exception> reason, CancellationToken limit)
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Task drained = DrainAsync();
        await drained.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        int ended = 0;
        if (limit.IsCancellationRequested)
        {
            foreach ((RequestState state, Task completion) in _active)
            {
                if (completion.IsCompleted)
                    continue;
                state.RequestAbort(reason());
                ended++;
            }

            await ShutDownAsync().ConfigureAwait(false);
        }

        await drained.ConfigureAwait(false);
        return ended;
    }

    // The lanes go on until no request is left: each comes to its end, or meets its abort at the next stage it comes to.
    private async Task DrainAsync()
    {
        while (_active.Values.Where(task => !task.IsCompleted).ToArray() is { Length: > 0 } running)
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // A model may have registered with the token and throw.
    private async Task ShutDownAsync()
    {
        try
        {
            await _shutdown.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException fault)
        {
            UserCode.Guard(NullLogger.Instance, () => LogMessages.CleanUpFailed(_logger, fault));
        }
    }

    private RequestState Admit(
        int[] prompt, GenerationOptions options, TokenReader? reader, PolicyKnowledge? own, RequestTelemetry? telemetry, CancellationToken cancellationToken)
    {
        if (options.ReferenceTexts.Count > 0 && !_components.Drafts.Any(draft => draft.UsesReferences))
            UserCode.Guard(NullLogger.Instance, () => LogMessages.ReferencesUnused(_logger));
        var output = new RequestOutput(_components, prompt, options, _stopSequences.Read(options.StopSequences), _names, reader);
        var setup = new RequestSetup(_components, _options, prompt, options, output, own ?? _knowledge, _experiment, _logger, cancellationToken)
        {
            IsOwn = own is not null,
            DraftConditions = _draftConditions,
            Telemetry = telemetry,
        };
        var state = new RequestState(setup) { StartedAt = _time.GetTimestamp() };
        telemetry?.Begin(state, Info.Exactness);
        _active[state] = state.Completion;
        Interlocked.Increment(ref _inWork);
        state.Completion.ContinueWith(
            _ => Interlocked.Decrement(ref _inWork), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        // Closing either finds the request among the active ones or is seen here; past disposal, no lane would take the request up.
        if (_closing.IsCancellationRequested)
            state.Fail(Refusal());
        else
            ToVerification(state);
        return state;
    }

    private Exception Refusal() =>
        _isDisposed ? Disposed() : new PipelineStoppedException("The pipeline was stopped while the call waited for admission.");

    private string[] Fingerprints() =>
    [
        _components.Target.Fingerprint ?? $"target:{_components.Target.VocabularySize}",
        .. _components.Drafts.Select(draft => draft.Fingerprint ?? draft.Name),
    ];

    private static ObjectDisposedException Disposed() =>
        new(nameof(SpeculativePipeline), "The pipeline was disposed while the request was in work.");

    private bool IsAlone() => Volatile.Read(ref _inWork) == 1;

    private void ToDrafting(RequestState state)
    {
        _running.Add(state);
        Draft();
    }

    // Called from within the verify stage.
    private void Draft() => _turns!.PassOn(draftsInTurn: !_options.Overlaps || IsAlone());

    private void ToVerification(RequestState state)
    {
        _toVerify.Add(state);
        _verifyLane.Signal();
    }
}
