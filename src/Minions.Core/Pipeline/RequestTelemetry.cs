using System.Diagnostics;
using System.Numerics;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Speculation;
using Minions.Core.Verification;

namespace Minions.Core.Pipeline;

/// <summary>
/// What one request reports to those who listen: its activity, and counters as far as they have not been reported yet. Made only where somebody
/// listens. Used by whoever has the request in hand.
/// </summary>
internal sealed class RequestTelemetry : IDisposable
{
    /// <summary>The name of a request's activity.</summary>
    public const string ActivityName = "minions.generate";

    /// <summary>The name of the event of a round, which the rounds 1, 2, 4, 8 and so on have: at most 31 of a request.</summary>
    public const string RoundEvent = "minions.round";

    private readonly PipelineMeter _meter;
    private readonly TimeProvider _time;
    private readonly Activity? _activity;
    private readonly long _arrivedAt;
    private readonly int[] _accepted = new int[GenerationOptions.MaximumSpeculationLength];
    private readonly DraftCounts[] _drafts;
    private RequestState? _state;
    private int _rounds;
    private int _chains;
    private int _draftTokens;
    private int _acceptedTokens;

    /// <summary>Begins when the request arrives. To be made where the activity may become the current one.</summary>
    public RequestTelemetry(PipelineMeter meter, TimeProvider time)
    {
        (_meter, _time, _arrivedAt) = (meter, time, time.GetTimestamp());
        _drafts = new DraftCounts[meter.Tags.DraftCount];
        _activity = MinionsTelemetry.Activities.StartActivity(ActivityName);
    }

    /// <summary>Whether anybody listens.</summary>
    public static bool IsWanted(PipelineMeter meter) => MinionsTelemetry.Activities.HasListeners() || meter.IsEnabled;

    public void Admitted() => _meter.TimeInQueue(_time.GetElapsedTime(_arrivedAt));

    /// <summary>Tells of which request is spoken.</summary>
    public void Begin(RequestState state, Exactness exactness)
    {
        _state = state;
        if (_activity is not { IsAllDataRequested: true } activity)
            return;

        RequestSetup setup = state.Setup;
        if (_meter.Tags.Name.Length > 0)
            activity.SetTag(MinionsTelemetry.PipelineTag, _meter.Tags.Name);
        activity.SetTag("minions.prompt_tokens", state.PromptLength);
        activity.SetTag("minions.max_output_tokens", state.Limit - state.PromptLength);
        activity.SetTag("minions.exact", exactness.IsGuaranteed && setup.Options.Mode == DecodingMode.BitIdentical);
        activity.SetTag("minions.speculates", setup.Speculates && state.Drafts.Length > 0);
    }

    public void FirstToken(long at) => _meter.TimeToFirstToken(_time.GetElapsedTime(_arrivedAt, at));

    /// <summary>Tells of a round that was counted.</summary>
    /// <param name="state">The request.</param>
    /// <param name="committed">The ids it added.</param>
    /// <param name="verifyTime">How long the target ran.</param>
    public void Round(RequestState state, int committed, TimeSpan verifyTime)
    {
        SpeculationRound? round = state.Round;
        int planned = round?.Plan.Length ?? 0;
        _meter.Length(planned);
        int number = state.Statistics.Rounds;
        if (_activity is not { IsAllDataRequested: true } activity || !BitOperations.IsPow2(number))
            return;

        activity.AddEvent(new ActivityEvent(RoundEvent, tags: new ActivityTagsCollection
        {
            ["minions.round.number"] = number,
            ["minions.round.length"] = planned,
            ["minions.round.draft_tokens"] = round?.ChainLength ?? 0,
            ["minions.round.accepted_tokens"] = round?.Accepted ?? 0,
            ["minions.round.committed_tokens"] = committed,
            ["minions.round.draft_time"] = round?.DraftTime.TotalSeconds ?? 0,
            ["minions.round.verify_time"] = verifyTime.TotalSeconds,
        }));
    }

    /// <summary>Reports what was counted since the last time, none of which may be taken back any more.</summary>
    public void Count(RequestState state)
    {
        StatisticsRecorder counted = state.Statistics;
        _meter.Rounds(
            Since(ref _rounds, counted.Rounds),
            Since(ref _chains, counted.Chains),
            Since(ref _draftTokens, counted.DraftTokens),
            Since(ref _acceptedTokens, counted.AcceptedTokens));

        // An id is accepted only behind those before it.
        ReadOnlySpan<int> accepted = counted.AcceptedPerPosition;
        for (int i = 0; i < accepted.Length && accepted[i] > 0; i++)
            _meter.AcceptedAt(i, Since(ref _accepted[i], accepted[i]));

        for (int i = 0; i < state.Drafts.Length; i++)
        {
            ref DraftCounts told = ref _drafts[i];
            _meter.Draft(
                i,
                Since(ref told.Rounds, counted.DraftRounds[i]),
                Since(ref told.Proposed, counted.Proposed[i]),
                Since(ref told.Evaluated, counted.Evaluated[i]),
                Since(ref told.Agreed, counted.Agreed[i]),
                Since(ref told.Faults, state.Drafts[i].Faults));
        }
    }

    public void Succeed(GenerationResult result)
    {
        if (result.Statistics.Rounds > 0)
            _meter.Goodput(result.Statistics.Lengths.ObservedGoodput);
        if (_activity is not { IsAllDataRequested: true } activity)
            return;

        activity.SetTag("minions.output_tokens", result.Usage.CompletionTokens);
        activity.SetTag("minions.reused_prompt_tokens", result.Usage.ReusedPromptTokens);
        activity.SetTag("minions.finish_reason", result.FinishReason.Value);
        activity.SetTag("minions.rounds", result.Statistics.Rounds);
        activity.SetTag("minions.draft_tokens", result.Statistics.DraftTokens);
        activity.SetTag("minions.accepted_tokens", result.Statistics.AcceptedTokens);
    }

    /// <summary>Tells the kind of a fault only: its message might quote the request.</summary>
    public void Fail(Exception fault)
    {
        if (_activity is not { IsAllDataRequested: true } activity)
            return;

        activity.SetTag("error.type", fault.GetType().FullName);
        if (fault is not OperationCanceledException)
            activity.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Ends the activity and reports what is left, of a request that failed or was cancelled too. No stage may have it any more.</summary>
    public void Dispose()
    {
        if (_state is { } state)
            Count(state);
        _activity?.Dispose();
    }

    private static int Since(ref int told, int now)
    {
        int more = now - told;
        told = now;
        return more;
    }

    private struct DraftCounts
    {
        public int Rounds;
        public int Proposed;
        public int Evaluated;
        public int Agreed;
        public int Faults;
    }
}
