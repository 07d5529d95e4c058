using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Diagnostics;
using Minions.Core.Sampling;
using Minions.Core.Verification;

namespace Minions.Core.Pipeline;

/// <summary>
/// The LLM loop of Minions (arXiv 2402.15678, section 4.3): takes a batch from the intermediate pool, has the target check it, and hands
/// each request to its next round or to its end.
/// </summary>
internal sealed class VerifyStage : IStage
{
    private readonly ChannelReader<RequestState> _intermediate;
    private readonly ITargetVerifier _target;
    private readonly RoundCommitter _committer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _shutdown;
    private readonly RequestState[] _batch;
    private readonly VerificationRequest[] _requests;

    public VerifyStage(
        ChannelReader<RequestState> intermediate,
        ITargetVerifier target,
        RoundCommitter committer,
        TimeProvider time,
        ILogger logger,
        CancellationToken shutdown)
    {
        _intermediate = intermediate;
        _target = target;
        _committer = committer;
        _time = time;
        _logger = logger;
        _shutdown = shutdown;
        _batch = new RequestState[Math.Max(1, target.MaxBatchSize)];
        _requests = new VerificationRequest[_batch.Length];
    }

    public string Name => "verify stage";

    public bool TryRun()
    {
        int count = 0;
        bool took = false;
        while (count < _batch.Length && _intermediate.TryRead(out RequestState? state))
        {
            took = true;
            if (TryPrepare(state) is { } request)
            {
                _batch[count] = state;
                _requests[count++] = request;
            }
        }

        if (count > 0)
            Verify(_batch.AsSpan(0, count), _requests.AsSpan(0, count));
        return took;
    }

    private VerificationRequest? TryPrepare(RequestState state)
    {
        try
        {
            if (state.Abort is { } reason)
            {
                state.Fail(reason);
                return null;
            }

            VerificationRequest request = state.Verification ??=
                new VerificationRequest(_target.OpenSequence(state.SequenceOptions), state.SequenceOptions) { Cancellation = state.Setup.Cancellation };
            request.Prepare(state.IdsWithChain, state.ChainLength + 1);
            return request;
        }
        catch (Exception fault)
        {
            state.Fail(fault);
            return null;
        }
    }

    private void Verify(ReadOnlySpan<RequestState> batch, ReadOnlySpan<VerificationRequest> requests)
    {
        int rows = 0;
        foreach (VerificationRequest request in requests)
            rows += request.RowsWanted;

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
            if ((batchFault ?? requests[i].Fault) is { } fault)
                batch[i].Fail(fault is ModelRunException or LogitsProcessorException or OperationCanceledException ? fault : new ModelRunException($"The target failed: {fault.Message}", fault));
            else
                Commit(batch[i], run);
        }
    }

    private void Commit(RequestState state, in TargetRun run)
    {
        try
        {
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

/// <summary>What one call of the verifier cost.</summary>
internal readonly record struct TargetRun(TimeSpan Time, int Rows, int Slots);
