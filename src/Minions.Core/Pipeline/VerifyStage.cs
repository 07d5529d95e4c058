using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Diagnostics;
using Minions.Core.Speculation;
using Minions.Core.Verification;

namespace Minions.Core.Pipeline;

/// <summary>
/// The LLM loop of Minions (arXiv 2402.15678, section 4.3): takes a batch from the intermediate pool, has the target check it, and hands
/// each request to its next round or to its end.
/// </summary>
internal sealed class VerifyStage : IStage
{
    /// <summary>The most ids of a prompt that one verification takes in.</summary>
    internal const int PrefillSlice = 64;

    private readonly VerificationQueue _toVerify;
    private readonly ITargetVerifier _target;
    private readonly RoundCommitter _committer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _shutdown;
    private readonly RequestState[] _batch;
    private readonly VerificationRequest[] _requests;
    private readonly RowAllocation _allocation;
    private readonly PrefixCache _idle;
    private readonly Action<RequestState> _again;

    public VerifyStage(
        VerificationQueue intermediate,
        ITargetVerifier target,
        RoundCommitter committer,
        PrefixCache idle,
        Action<RequestState> again,
        TimeProvider time,
        ILogger logger,
        CancellationToken shutdown)
    {
        _toVerify = intermediate;
        _target = target;
        _committer = committer;
        _idle = idle;
        _again = again;
        _time = time;
        _logger = logger;
        _shutdown = shutdown;
        _batch = new RequestState[Math.Max(1, target.MaxBatchSize)];
        _requests = new VerificationRequest[_batch.Length];
        _allocation = new RowAllocation(_batch.Length);
    }

    public string Name => "verify stage";

    public bool TryRun()
    {
        int count = 0;
        bool took = false;
        while (count < _batch.Length && _toVerify.TryTake(out RequestState? state))
        {
            took = true;
            if (TryAdmit(state))
                _batch[count++] = state;
        }

        _toVerify.BatchTaken();
        if (count > 0)
        {
            ShareRows(_batch.AsSpan(0, count));
            Verify(Prepare(count));
        }

        return took;
    }

    private bool TryAdmit(RequestState state)
    {
        try
        {
            if (state.Outcome is { } outcome)
            {
                Conclude(state, outcome);
                return false;
            }

            if (state.Abort is { } reason)
            {
                Settle(state, new VerificationOutcome(reason));
                return false;
            }

            state.Verification ??= Open(state);
            return true;
        }
        catch (Exception fault)
        {
            Settle(state, new VerificationOutcome(fault));
            return false;
        }
    }

    private void ShareRows(ReadOnlySpan<RequestState> batch)
    {
        _allocation.Clear();
        foreach (RequestState state in batch)
        {
            int pending = state.Committed - state.TakenIn;
            if (state.Policy is { Survival.IsEmpty: false } policy)
                _allocation.Add(policy, pending, state.MinRows);
            else
                _allocation.Add(Math.Max(state.MinRows, Math.Min(pending, PrefillSlice) + state.IdsInQuestion));
        }

        _allocation.Settle();
    }

    // Returns how many requests are left.
    private int Prepare(int count)
    {
        int left = 0;
        for (int i = 0; i < count; i++)
        {
            RequestState state = _batch[i];
            if (state.Policy is { Fault: { } fault })
            {
                Settle(state, new VerificationOutcome(fault));
                continue;
            }

            _batch[left] = state;
            _requests[left++] = Prepare(state);
        }

        return left;
    }

    // A long prompt is taken in slice by slice, between the rounds of other requests.
    private static VerificationRequest Prepare(RequestState state)
    {
        VerificationRequest request = state.Verification!;
        if (state.Committed - state.TakenIn > PrefillSlice)
            request.Prepare(state.CommittedIds[..(state.TakenIn + PrefillSlice)], 0, state.Committed);
        else
            request.Prepare(state.IdsToVerify, state.IdsInQuestion + 1);
        return request;
    }

    private VerificationRequest Open(RequestState state)
    {
        ITargetSequence sequence;
        if (_idle.Take(state.CommittedIds.Span, state.SequenceOptions, out int shared) is { } idle)
        {
            sequence = idle.Target;

            // The last id of a prompt is always run: its logits are wanted.
            state.Reused = state.TakenIn = Math.Min(shared, state.PromptLength - 1);
            state.OpenStates(idle.States, state.Reused);
            idle.GiveDrafts(state.Drafts, state.Reused, _logger);
        }
        else
        {
            sequence = _target.OpenSequence(state.SequenceOptions);
            state.OpenStates(left: null, shared: 0);
        }

        return new VerificationRequest(sequence, state.SequenceOptions) { Cancellation = state.Setup.Cancellation, States = state.States };
    }

    private void Verify(int count)
    {
        if (count == 0)
            return;

        ReadOnlySpan<RequestState> batch = _batch.AsSpan(0, count);
        ReadOnlySpan<VerificationRequest> requests = _requests.AsSpan(0, count);
        int rows = 0;
        for (int i = 0; i < batch.Length; i++)
            rows += batch[i].Rows = Math.Max(batch[i].MinRows, requests[i].Ids.Length - batch[i].TakenIn);

        Exception? batchFault = null;
        long start = _time.GetTimestamp();
        try
        {
            _target.Verify(requests, _shutdown);
        }
        catch (Exception fault)
        {
            batchFault = fault;
        }

        var run = new TargetRun(_time.GetElapsedTime(start), rows, batch.Length);
        for (int i = 0; i < batch.Length; i++)
        {
            Exception? fault = batchFault ?? requests[i].Fault;
            if (fault is not (null or ModelRunException or LogitsProcessorException or OperationCanceledException))
                fault = new ModelRunException($"The target failed: {fault.Message}", fault);
            Settle(batch[i], new VerificationOutcome(fault, run));
        }
    }

    // What comes next needs the drafts' sequences: they may be disposed, kept or drafted with.
    private void Settle(RequestState state, in VerificationOutcome outcome)
    {
        state.Outcome = outcome;
        if (state.PreDraft?.TryTakeBack() ?? true)
            Conclude(state, outcome);
    }

    private void Conclude(RequestState state, in VerificationOutcome outcome)
    {
        state.Outcome = null;
        if (outcome.Fault is { } fault)
            state.Fail(fault);
        else
            Commit(state, outcome.Run);
    }

    private void Commit(RequestState state, in TargetRun run)
    {
        try
        {
            VerificationRequest request = state.Verification!;
            // What was run and stays: the ids before the chain and those of it that were accepted.
            state.TakenIn = request.Ids.Length - request.RowsWanted + request.ChoiceCount;
            state.States?.Truncate(state.TakenIn);
            if (request.RowsWanted == 0)
                _again(state);
            else
                _committer.Commit(state, run);
        }
        catch (Exception fault)
        {
            state.Fail(fault);
            Report(fault);
        }
    }

    // A method of its own: the closure would otherwise be made in every round.
    private void Report(Exception fault) => UserCode.Guard(NullLogger.Instance, () => LogMessages.StageFailed(_logger, fault));
}

/// <summary>What a verification gave to one of its requests.</summary>
/// <param name="Fault">Why the request has to end, or <see langword="null"/> when choices were made.</param>
/// <param name="Run">What the run cost.</param>
internal readonly record struct VerificationOutcome(Exception? Fault, TargetRun Run = default);

/// <summary>What one call of the verifier cost.</summary>
internal readonly record struct TargetRun(TimeSpan Time, int Rows, int Slots);
