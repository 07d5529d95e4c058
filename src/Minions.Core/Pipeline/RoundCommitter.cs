using Minions.Core.Generation;
using Minions.Core.Speculation;

namespace Minions.Core.Pipeline;

/// <summary>
/// Turns what the target chose into text, credit and the next round. Whatever stands behind the end of a text inside an accepted chain is
/// dropped here, before text, weights, counters and the length controller can see it.
/// </summary>
internal sealed class RoundCommitter(
    PipelineComponents components, PrefixCache idle, TimeProvider time, Action<RequestState> toDrafting, Action<RequestState> toVerification)
{
    public void Commit(RequestState state, in TargetRun run)
    {
        ReadOnlySpan<int> choices = state.Verification!.Choices;
        if (choices.IsEmpty)
            throw new ModelRunException($"Verifier {components.Target.GetType().Name} made no choice for a request that wanted {state.Verification.RowsWanted}.");

        bool isPrefill = !state.IsPrefilled;
        int contextLength = state.Committed;

        // A guess that was right is the target's own id, told early: no draft gets credit for it.
        int accepted = Math.Min(choices.Length - 1, state.ChainLength);
        FinishReason? finish = Append(state, choices, accepted);

        // A stop sequence takes back the ids behind the one in which it begins.
        int takenBack = finish == FinishReason.StopSequence ? state.Committed - state.PromptLength - state.Setup.Output.Count : 0;
        int appended = state.Committed - contextLength;
        int committed = Math.Max(0, appended - takenBack);
        if (takenBack > appended)
            state.Statistics.TakeBack(takenBack - appended);
        RequestTelemetry? telemetry = state.Setup.Telemetry;
        if (isPrefill)
        {
            state.FirstTokenAt = time.GetTimestamp();
            telemetry?.FirstToken(state.FirstTokenAt);
        }
        else if (state.Policy is { } policy)
            Learn(state, policy, run, Math.Min(accepted, committed), state.CommittedIds.Span.Slice(contextLength, committed), finish is not null);
        else
            state.Statistics.Plain(committed, run.Time);
        state.Statistics.Settle(state.Setup.Output.Held);
        if (!isPrefill)
            telemetry?.Round(state, committed, run.Time);

        // What may still be taken back is reported when it no longer can.
        if (finish is not null || state.Setup.Output.Held == 0)
            telemetry?.Count(state);
        state.PreDraft?.Timer.End(isPrefill ? 0 : state.Round?.Plan.Length ?? 0, isAlone: run.Slots == 1, time);

        if (finish is { } reason)
            Finish(state, reason);
        else if (state.BeginRound(run.Rows - state.Rows, run.Slots - 1))
            toDrafting(state);
        else
            toVerification(state);
    }

    private static FinishReason? Append(RequestState state, ReadOnlySpan<int> choices, int accepted)
    {
        FinishReason? finish = null;
        IReadOnlyList<TokenLogProbabilities> likelihoods = state.Verification!.LogProbabilities;
        for (int i = 0; i < choices.Length && finish is null; i++)
        {
            ulong proposedBy = i < accepted ? state.Policy!.ProposersOf(i) : 0;
            state.Commit(choices[i]);
            finish = state.Setup.Output.Append(choices[i], proposedBy, i < likelihoods.Count ? likelihoods[i] : null, isLast: state.Remaining == 0);
        }

        return finish;
    }

    private static void Learn(RequestState state, RequestPolicy policy, in TargetRun run, int accepted, ReadOnlySpan<int> committed, bool isLast)
    {
        SpeculationRound round = policy.Round;
        (round.VerifyTime, round.Rows, round.Requests) = (run.Time, run.Rows, run.Slots);
        int chainLength = isLast ? Math.Min(round.ChainLength, committed.Length) : round.ChainLength;
        policy.Observe(committed, chainLength, accepted, isLast);
        state.Statistics.Round(round, policy.Agreement);
    }

    private void Finish(RequestState state, FinishReason reason)
    {
        RequestOutput output = state.Setup.Output;
        state.Policy?.Complete();
        if (!state.Setup.IsOwn)
            idle.Keep(state);
        state.Succeed(new GenerationResult
        {
            Text = output.Text,
            TokenIds = state.CommittedIds.Slice(state.PromptLength, output.Count).ToArray(),
            LogProbabilities = output.LogProbabilities,
            FinishReason = reason,
            Usage = new TokenUsage { PromptTokens = state.PromptLength, CompletionTokens = output.Count, ReusedPromptTokens = state.Reused },
            Statistics = state.Statistics.Snapshot([.. components.Drafts.Select(draft => draft.Name)], [.. state.Drafts.Select(draft => draft.Faults)], state.Policy is { } policy ? policy.Weights : []),
            Seed = state.SequenceOptions.Selector.Seed,
            TimeToFirstToken = time.GetElapsedTime(state.StartedAt, state.FirstTokenAt),
            Elapsed = time.GetElapsedTime(state.StartedAt),
        });
    }
}
