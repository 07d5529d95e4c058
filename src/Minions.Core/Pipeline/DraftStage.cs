using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Diagnostics;
using Minions.Core.Drafting;
using Minions.Core.Pipeline.PreDrafting;
using Minions.Core.Speculation;

namespace Minions.Core.Pipeline;

/// <summary>
/// The SSM loop of Minions (arXiv 2402.15678, section 4.3): takes running requests, has the drafts propose and vote, and puts the chain
/// into the intermediate pool.
/// </summary>
internal sealed class DraftStage : IStage, IDisposable
{
    private readonly RequestQueue _running;
    private readonly VerificationQueue _toVerify;
    private readonly Action<RequestState> _passOn;
    private readonly DraftRunner _runner;
    private readonly ChainContinuation _continuation;
    private readonly PreDraftScheduler? _preDraft;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RequestState[] _batch;
    private readonly RowAllocation _allocation = new(1);
    private int _entered;

    public DraftStage(
        RequestQueue running,
        VerificationQueue intermediate,
        Action<RequestState> passOn,
        DraftRunner runner,
        ChainContinuation continuation,
        PreDraftScheduler? preDraft,
        int batchSize,
        TimeProvider time,
        ILogger logger)
    {
        _running = running;
        _toVerify = intermediate;
        _passOn = passOn;
        _runner = runner;
        _continuation = continuation;
        _preDraft = preDraft;
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
            offered = took && _preDraft is { HasWork: true };
        }
        finally
        {
            Volatile.Write(ref _entered, 0);
        }

        // Woken before, the lane would have found the stage occupied and gone to sleep again.
        if (offered)
            _preDraft!.Wake();
        return took;
    }

    /// <summary>Does one step of pre-drafting. Never throws.</summary>
    /// <returns><see langword="false"/> when there was nothing to do, or a round is being drafted.</returns>
    public bool TryPreDraft()
    {
        if (_preDraft is null || Interlocked.Exchange(ref _entered, 1) != 0)
            return false;

        try
        {
            return _preDraft.TryStep();
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

    public void Dispose() => _runner.Dispose();

    private bool RunBatch()
    {
        if (_running.IsEmpty || _toVerify.MustPauseDrafting())
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
            _runner.Clear();
            foreach (RequestState state in batch)
                AddJobs(state);
            _runner.Run();
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
            steps = Math.Max(steps, Gather(state));
        foreach (RequestState state in batch)
        {
            SpeculationRound round = state.Round!;
            try
            {
                Choose(state, state.Policy!);
            }
            catch (Exception fault)
            {
                state.Fail(fault);
                continue;
            }

            // What a draft wasted once by hanging says nothing about rounds to come.
            TimeSpan elapsed = _runner.TimedOut ? state.TimeOfDrafts : _time.GetElapsedTime(start);
            (round.DraftTime, round.DraftRequests, round.DraftSteps) = (state.PreDraft?.DraftTime(state, elapsed) ?? elapsed, batch.Length, steps);

            // Once passed on, the request is the verify stage's.
            if (_preDraft is not null)
                Offer(_preDraft, state);
            _passOn(state);
        }
    }

    private void Choose(RequestState state, RequestPolicy policy)
    {
        int voted = policy.Vote(state.ChainSpace(policy.Round.ProposedLength));
        if (policy.Room > 0)
        {
            int draft = _continuation.Run(state.Drafts, policy.Round.Running, policy.Weights, state.TextWith(voted), voted, policy.Room, out Proposal? extension);
            if (draft >= 0)
            {
                extension!.Tokens.CopyTo(state.ChainSpace(voted + extension.Count)[voted..]);
                policy.Extend(draft, extension);
            }
        }

        policy.Shorten();
    }

    // What goes on behind a chain has to know where it ends.
    private void Offer(PreDraftScheduler preDraft, RequestState state)
    {
        if (state.Policy is { Survival.IsEmpty: false } policy)
        {
            _allocation.Clear();
            _allocation.Add(policy, state.Committed - state.TakenIn, state.MinRows);
            _allocation.Settle();
        }

        preDraft.Offer(state);
    }

    private void AddJobs(RequestState state)
    {
        SpeculationPlan plan = state.Round!.Plan;
        DraftSet running = state.Round.Running.Union(plan.Probes);
        DraftSet served = state.PreDraft?.Serve(state) ?? default;
        for (int i = 0; i < state.Drafts.Length; i++)
        {
            if (!running.Contains(i))
                state.Drafts[i].Skip(isPreDraft: false);
            else if (!served.Contains(i))
                _runner.Add(state.JobOf(i));
        }
    }

    private static int Gather(RequestState state)
    {
        // One that failed, hangs or pauses after a fault says nothing about what drafts are worth.
        SpeculationRound round = state.Round!;
        for (int i = 0; i < state.Drafts.Length; i++)
        {
            RequestDraft draft = state.Drafts[i];
            if (!draft.HasRun)
                round.Leave(i);
            state.Policy!.Propose(i, draft.Proposal);
            ref DraftRound record = ref round.Drafts[i];
            (record.Time, record.NewTokens) = (TimeSpan.FromSeconds(draft.Seconds), draft.NewIds);
            (record.Scored, record.ScoredAgreements) = draft.Scores;
        }

        return round.ProposedLength;
    }

    // A method of its own: the closure would otherwise be made in every round.
    private void Report(Exception fault) => UserCode.Guard(NullLogger.Instance, () => LogMessages.StageFailed(_logger, fault));
}
