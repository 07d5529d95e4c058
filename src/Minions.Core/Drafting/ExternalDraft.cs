using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;

namespace Minions.Core.Drafting;

/// <summary>
/// Calls a draft that might not heed its token: on a thread of its own, and no longer than a limit. What is in
/// a call belongs to it: the sequences of one that was abandoned are freed by its thread when it returns, and so is the model if the pipeline
/// ended in the meantime. Used by one thread at a time.
/// </summary>
internal sealed class ExternalDraft
{
    private readonly IDraftModel _model;
    private readonly TimeSpan _limit;
    private readonly ILogger _logger;
    private readonly CancellationToken _shutdown;
    private readonly AbandonableThread _thread;

    // The call: a sequence to open or, without options, a batch to continue.
    private SequenceOptions? _options;
    private IDraftSequence? _opened;
    private ReadOnlyMemory<DraftRequest> _batch;
    private Exception? _fault;

    public ExternalDraft(IDraftModel model, TimeSpan limit, TimeProvider time, ILogger logger, CancellationToken shutdown)
    {
        _model = model;
        _limit = limit;
        _logger = logger;
        _shutdown = shutdown;
        _thread = new AbandonableThread($"Minions draft {model.Name}", Call, Free, limit, time);
    }

    /// <summary>Whether a call that was abandoned has not returned. It does not become so but in a call.</summary>
    public bool IsAway => _thread.IsAway;

    /// <summary>Opens a sequence, unless that takes too long. Throws what the draft throws.</summary>
    /// <param name="options">What it is opened for.</param>
    /// <param name="sequence">The sequence.</param>
    /// <returns><see langword="false"/> when the call was abandoned.</returns>
    public bool TryOpenSequence(SequenceOptions options, out IDraftSequence? sequence)
    {
        _options = options;
        bool opened = TryCall();
        sequence = opened ? _opened : null;
        return opened;
    }

    /// <summary>Continues a batch, unless that takes too long. Throws what the draft throws.</summary>
    /// <param name="batch">The requests. Once abandoned they are the call's.</param>
    /// <returns><see langword="false"/> when the call was abandoned.</returns>
    public bool TryPropose(ReadOnlyMemory<DraftRequest> batch)
    {
        (_options, _batch) = (null, batch);
        return TryCall();
    }

    /// <summary>Tells that a call was abandoned.</summary>
    public void ReportHang() => UserCode.Guard(NullLogger.Instance, () => LogMessages.DraftHangs(_logger, _model.Name, _limit));

    /// <summary>Ends the thread, after waiting for a call that was abandoned.</summary>
    /// <param name="patience">How long to wait.</param>
    /// <param name="disposesModel">Whether the model ends with a call that was waited for in vain.</param>
    /// <returns>Whether no call is in flight any more. If not, the model is this object's to dispose.</returns>
    public async Task<bool> EndAsync(TimeSpan patience, bool disposesModel)
    {
        bool ended = await _thread.EndAsync(patience, disposesModel ? DisposeModel : () => { }).ConfigureAwait(false);
        if (!ended)
            UserCode.Guard(NullLogger.Instance, () => LogMessages.DraftLeftBehind(_logger, _model.Name, _limit));
        return ended;
    }

    private bool TryCall()
    {
        (_opened, _fault) = (null, null);
        if (!_thread.TryRun())
            return false;

        _batch = default;
        if (_fault is { } fault)
            ExceptionDispatchInfo.Throw(fault);
        return true;
    }

    private void Call()
    {
        try
        {
            if (_options is { } options)
                _opened = _model.OpenSequence(options);
            else
                _model.Propose(_batch.Span, _shutdown);
        }
        catch (Exception fault)
        {
            _fault = fault;
        }
    }

    private void Free()
    {
        if (_opened is { } opened)
            UserCode.Guard(_logger, opened.Dispose);
        foreach (DraftRequest request in _batch.Span)
            UserCode.Guard(_logger, request.Sequence.Dispose);
        (_opened, _batch) = (null, default);
    }

    private void DisposeModel() => UserCode.Guard(_logger, _model.Dispose);
}
