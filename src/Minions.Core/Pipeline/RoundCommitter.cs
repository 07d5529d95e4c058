using System.Numerics;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Economy;
using Minions.Core.Generation;
using Minions.Core.SpeculationLength;
using Minions.Core.Voting;

namespace Minions.Core.Pipeline;

/// <summary>
/// Turns what the target chose into text, credit and the next round. Whatever stands behind the end of a text inside an accepted chain is
/// dropped here, before text, weights, counters and the length controller can see it.
/// </summary>
internal sealed class RoundCommitter(
    PipelineComponents components, IdleSequences idle, TimeProvider time, Action<RequestState> toDrafting, Action<RequestState> toVerification)
{
    private readonly PanelPoll _poll = new(components.VotingPolicy, components.Drafts.Count);
    private readonly int _draftBatch = components.DraftBatch;
    private readonly PanelRound _round = new(components.Drafts.Count);

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
        int committed = Math.Max(0, state.Committed - contextLength - takenBack);
        if (isPrefill)
            state.FirstTokenAt = time.GetTimestamp();
        else
            Learn(state, finish is null ? state.ChainLength : Math.Min(state.ChainLength, committed), Math.Min(accepted, committed), committed, contextLength, run);
        state.Ahead?.Timer.End(isPrefill ? 0 : state.Plan.Length, isAlone: run.Slots == 1, time);

        if (finish is { } reason)
            Finish(state, reason);
        else
            PlanNextRound(state, run);
    }

    private static FinishReason? Append(RequestState state, ReadOnlySpan<int> choices, int accepted)
    {
        FinishReason? finish = null;
        for (int i = 0; i < choices.Length && finish is null; i++)
        {
            ulong proposedBy = i < accepted ? ChainAgreement.At(state.Agreement, i) : 0;
            state.Commit(choices[i]);
            finish = state.Setup.Output.Append(choices[i], proposedBy, isLast: state.Remaining == 0);
        }

        return finish;
    }

    private void Learn(RequestState state, int chainLength, int accepted, int committed, int contextLength, in TargetRun run)
    {
        ReadOnlySpan<int> text = state.CommittedIds.Span.Slice(contextLength, committed);
        if (committed > 0)
            state.Filler?.Observe(text[0]);
        if (state.Panel is { } panel)
            Reconsider(panel, state, text, contextLength, run);
        if (state.Plan.Length > 0)
        {
            state.Score.Compute(state.Proposals, text);
            for (int i = 0; i < state.Proposals.Length; i++)
            {
                if (!DraftSet.Has(state.Running, i))
                    state.Statistics.Skip(i);
                else if (state.Proposals[i].Count > 0)
                    state.Statistics.Proposal(i, state.Proposals[i].Count, state.Score, selected: chainLength > 0 && state.Agreement[i] >= chainLength);
            }

            state.Weights.Learn(state.Score, state.Agreement, chainLength, accepted);
        }

        state.Statistics.Round(chainLength, accepted, committed);
        var round = new RoundObservation(
            state.Plan.Length, chainLength, accepted, committed, state.Drafted.Time, run.Time, run.Rows, run.Slots, contextLength,
            state.ProposedLength, state.Drafted.Slots, state.Drafted.Steps);
        state.Statistics.Lengths.Round(state.Plan, round);
        state.Planner?.Observe(round);
    }

    private void Reconsider(RequestPanel panel, RequestState state, ReadOnlySpan<int> text, int contextLength, in TargetRun run)
    {
        _round.Running = state.Running;
        _round.Length = state.Plan.Length;
        _round.HasSureGuess = state.GuessChance >= RequestPanel.SureGuess;
        _round.ContextLength = contextLength;
        _round.DraftSlots = state.Drafted.Slots;
        _round.VerifySeconds = run.Time.TotalSeconds / run.Slots;
        bool drafted = state.Plan.Length > 0;
        for (int i = 0; i < state.Members.Length; i++)
        {
            _round.DraftSeconds[i] = drafted ? state.Members[i].Seconds : 0;
            _round.Proposed[i] = drafted ? state.Proposals[i].Count : 0;
            _round.NewIds[i] = state.Members[i].NewIds;
            _round.Fits[i] = drafted ? state.Members[i].Fit : default;
        }

        if (drafted)
            _poll.Take(state.Proposals, state.Weights.Values, text, _round);
        panel.Observe(_round);
    }

    private void PlanNextRound(RequestState state, in TargetRun run)
    {
        int probed = state.Panel?.Candidate ?? -1;
        state.Running = state.Panel?.Plan(state.Committed) ?? DraftSet.First(state.Members.Length);
        int drafts = BitOperations.PopCount(state.Running);
        if (state.Panel is { Candidate: >= 0 and var candidate } && candidate != probed)
            state.Statistics.Probe(candidate);

        double plainTokens = 1 + state.Guess();

        // Who shared the last run will probably share the next one.
        SpeculationPlan plan = state.Planner?.Plan(new RoundOutlook(
            state.Committed, state.Remaining, drafts, run.Rows - state.Rows, run.Slots - 1, state.Running, state.LeastRows, _draftBatch, plainTokens, state.Panel?.WishedLength ?? 0)) ?? default;
        if (plan.MinimumConfidence is not (>= 0 and < 1))
            throw new InvalidOperationException($"Controller {state.Planner!.GetType().Name} planned a minimum confidence of {plan.MinimumConfidence}, which must lie in [0, 1).");

        // The target adds an id of its own to every chain, so a chain may fill the request up to one id before its end.
        SpeculationLimits limits = state.Setup.Limits;
        int length = drafts == 0 ? 0 : Math.Min(Math.Clamp(plan.Length, limits.Minimum, limits.Maximum), state.Remaining - 1);
        state.BeginRound(plan with { Length = length });
        if (length > 0)
        {
            toDrafting(state);
            return;
        }

        state.PlaceGuess();
        toVerification(state);
    }

    private void Finish(RequestState state, FinishReason reason)
    {
        RequestOutput output = state.Setup.Output;
        state.Weights.Publish();
        state.Panel?.Publish();
        state.Filler?.Publish();
        idle.Keep(state);
        state.Succeed(new GenerationResult
        {
            Text = output.Text,
            TokenIds = state.CommittedIds.Slice(state.PromptLength, output.Count).ToArray(),
            FinishReason = reason,
            Usage = new TokenUsage { PromptTokens = state.PromptLength, CompletionTokens = output.Count, ReusedPromptTokens = state.Reused },
            Statistics = state.Statistics.Snapshot(components.Drafts, state.Members, state.Weights),
            Seed = state.SequenceOptions.Selector.Seed,
            TimeToFirstToken = time.GetElapsedTime(state.StartedAt, state.FirstTokenAt),
            Elapsed = time.GetElapsedTime(state.StartedAt),
        });
    }
}
