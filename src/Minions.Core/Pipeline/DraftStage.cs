using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Diagnostics;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ahead;
using Minions.Core.SpeculationLength;
using Minions.Core.Voting;

namespace Minions.Core.Pipeline;

/// <summary>
/// The SSM loop of Minions (arXiv 2402.15678, section 4.3): takes running requests, has the drafts propose and vote, and puts the chain
/// into the intermediate pool.
/// </summary>
internal sealed class DraftStage : IStage, IDisposable
{
    private readonly RequestQueue _running;
    private readonly IntermediatePool _intermediate;
    private readonly Action<RequestState> _passOn;
    private readonly DraftPanel _panel;
    private readonly AheadLending? _ahead;
    private readonly RoundWork _round = new();
    private readonly IVotingPolicy _policy;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RequestState[] _batch;
    private readonly ChainEvidence _evidence = new();
    private int _entered;

    public DraftStage(
        RequestQueue running,
        IntermediatePool intermediate,
        Action<RequestState> passOn,
        DraftPanel panel,
        AheadLending? ahead,
        PipelineComponents components,
        int batchSize,
        TimeProvider time,
        ILogger logger)
    {
        _running = running;
        _intermediate = intermediate;
        _passOn = passOn;
        _panel = panel;
        _ahead = ahead;
        _policy = components.VotingPolicy;
        _time = time;
        _logger = logger;
        _batch = new RequestState[batchSize];
    }

    public string Name => "draft stage";

    // Two lanes may drive this stage, one at a time: its own, and the verify lane when a request is alone.
    public bool TryRun()
    {
        if (Interlocked.Exchange(ref _entered, 1) != 0)
            return false;

        bool took = false;
        bool offered = false;
        try
        {
            took = RunBatch();
            offered = took && _ahead is { HasWork: true };
        }
        finally
        {
            Volatile.Write(ref _entered, 0);
        }

        // Woken before, the lane would have found the stage occupied and gone to sleep again.
        if (offered)
            _ahead!.Wake();
        return took;
    }

    /// <summary>Does one step of work ahead. Never throws.</summary>
    /// <returns><see langword="false"/> when there was nothing to do, or a round is being drafted.</returns>
    public bool TryWorkAhead()
    {
        if (_ahead is null || Interlocked.Exchange(ref _entered, 1) != 0)
            return false;

        try
        {
            return _ahead.TryStep();
        }
        catch (Exception fault)
        {
            Report(fault);
            return true;
        }
        finally
        {
            Volatile.Write(ref _entered, 0);
        }
    }

    public void Dispose() => _panel.Dispose();

    private bool RunBatch()
    {
        if (_running.IsEmpty || _intermediate.MustPauseDrafting())
            return false;

        int count = 0;
        bool took = false;
        while (count < _batch.Length && _running.TryTake(out RequestState? state))
        {
            took = true;
            if (state.Abort is { } reason)
                state.Fail(reason);
            else
                _batch[count++] = state;
        }

        if (count > 0)
            Draft(_batch.AsSpan(0, count));
        return took;
    }

    private void Draft(ReadOnlySpan<RequestState> batch)
    {
        long start = _time.GetTimestamp();
        try
        {
            foreach (RequestState state in batch)
                state.Ahead?.Serve(state);
            _panel.Propose(batch, _round);
        }
        catch (Exception fault)
        {
            foreach (RequestState state in batch)
                state.Fail(fault);
            Report(fault);
            return;
        }

        int steps = 0;
        foreach (RequestState state in batch)
        {
            Gather(state);
            steps = Math.Max(steps, state.ProposedLength);
        }

        foreach (RequestState state in batch)
        {
            try
            {
                Vote(state);
            }
            catch (Exception fault)
            {
                state.Fail(fault);
                continue;
            }

            // What a draft wasted once by hanging says nothing about rounds to come.
            TimeSpan elapsed = _panel.HasLostTime ? state.TimeOfDrafts : _time.GetElapsedTime(start);
            state.Drafted = new DraftRun(state.Ahead?.DraftTime(state, elapsed) ?? elapsed, batch.Length, steps);

            // Once passed on, the request is the verify stage's.
            _ahead?.Offer(state);
            _passOn(state);
        }
    }

    private static void Gather(RequestState state)
    {
        state.ProposedLength = 0;
        for (int i = 0; i < state.Proposals.Length; i++)
        {
            state.Proposals[i] = state.Members[i].Proposal;
            state.ProposedLength = Math.Max(state.ProposedLength, state.Proposals[i].Count);
        }
    }

    private void Vote(RequestState state)
    {
        Proposal[] proposals = state.Proposals;
        Span<int> chain = state.ChainSpace(state.ProposedLength);
        state.ChainLength = chain.IsEmpty ? 0 : _policy.Vote(new Ballot(proposals, state.Weights.Values), chain);
        if (state.ChainLength < 0 || state.ChainLength > chain.Length)
            throw new InvalidOperationException($"Voting policy {_policy.GetType().Name} answered a chain of {state.ChainLength} ids, but the longest proposal has {chain.Length}.");

        ChainAgreement.Compute(proposals, chain[..state.ChainLength], state.Agreement);
        if (state.ChainLength > 0 && !state.Agreement.AsSpan().Contains(state.ChainLength))
            throw new InvalidOperationException($"Voting policy {_policy.GetType().Name} chose a chain that no draft proposed.");
        if (state.ChainLength > 0)
            Shorten(state);
    }

    private void Shorten(RequestState state)
    {
        ISpeculationLengthPlanner planner = state.Planner!;
        int length = planner.Shorten(_evidence.Gather(state.Proposals, state.Weights.Values, state.Agreement, state.ChainLength));
        if (length < 0 || length > state.ChainLength)
            throw new InvalidOperationException($"Controller {planner.GetType().Name} shortened a chain of {state.ChainLength} ids to {length}.");

        state.ChainLength = length;
    }

    // A method of its own: the closure would otherwise be made in every round.
    private void Report(Exception fault) => UserCode.Guard(NullLogger.Instance, () => LogMessages.StageFailed(_logger, fault));
}
