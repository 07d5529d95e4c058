using Minions.Core.Drafting;
using Minions.Core.Speculation;

namespace Minions.Benchmarks.Replay;

/// <summary>The drafts of a recorded request: what they propose, and what they score while they catch up.</summary>
/// <param name="text">The recorded text.</param>
/// <param name="drafts">Which of the recorded drafts the pipeline has, in its order.</param>
internal sealed class ReplayedDrafts(RecordedText text, int[] drafts)
{
    private readonly Proposal[] _proposals = [.. drafts.Select(_ => new Proposal())];
    private readonly int[] _seen = new int[drafts.Length];

    /// <summary>The most ids that a draft of the last round had to catch up on, beyond those that a round commits.</summary>
    public int Missed { get; private set; }

    /// <summary>Runs the drafts that a round plans.</summary>
    /// <param name="policy">The request's policy, which has planned; receives the proposals.</param>
    /// <param name="place">Where in the answer the round begins, at least 1.</param>
    public void Run(RequestPolicy policy, int place)
    {
        Missed = 0;
        SpeculationRound round = policy.Round;
        for (int i = 0; i < drafts.Length; i++)
        {
            _proposals[i].Clear();
            bool votes = round.Running.Contains(i);
            if (votes || round.Plan.Probes.Contains(i))
            {
                Cut(text.Proposals[drafts[i]][place - 1], votes ? round.Plan.Length : 1, round.Plan.MinimumConfidence, _proposals[i]);
                CatchUp(i, round, place);
            }

            policy.Propose(i, _proposals[i]);
        }
    }

    // Nothing is recorded of the prompt and the first id, so drafts score the answer from its second id on.
    private void CatchUp(int draft, SpeculationRound round, int place)
    {
        int newTokens = round.ContextLength - _seen[draft];
        int scored = Math.Min(Math.Min(round.Plan.TokensToScore, newTokens - 1), place - 1);
        ulong agreements = 0;
        for (int i = 0; i < scored; i++)
        {
            int at = place - scored + i;
            if (text.Proposals[drafts[draft]][at - 1].Ids[0] == text.Ids[at])
                agreements |= 1UL << i;
        }

        ref DraftRound record = ref round.Drafts[draft];
        (record.NewTokens, record.Scored, record.ScoredAgreements) = (newTokens, scored, agreements);
        Missed = Math.Max(Missed, newTokens - round.Plan.Length - 1);
        _seen[draft] = round.ContextLength;
    }

    private static void Cut(RecordedProposal recorded, int length, float minimumConfidence, Proposal proposal)
    {
        float confidence = 1;
        for (int i = 0; i < Math.Min(length, recorded.Ids.Length) && confidence >= minimumConfidence; i++)
        {
            proposal.Add(recorded.Ids[i], recorded.Probabilities[i]);
            confidence *= recorded.Probabilities[i];
        }
    }
}
