using Minions.Core.Drafting;
using Minions.Core.SpeculationLength;
using Minions.Core.Voting;

namespace Minions.Benchmarks.Replay;

/// <summary>The drafts of a recorded request and their vote, with the library's own policy, weights and evidence.</summary>
internal sealed class ReplayedPanel(RecordedText text, int[] drafts, WeightPrior prior)
{
    private readonly WeightedMajorityVote _policy = new();
    private readonly FullInformationWeights _weights = new(drafts.Length, prior);
    private readonly RoundScore _score = new(drafts.Length);
    private readonly ChainEvidence _evidence = new();
    private readonly Proposal[] _proposals = [.. drafts.Select(_ => new Proposal())];
    private readonly int[] _agreement = new int[drafts.Length];
    private readonly int[] _chain = new int[Recording.ProposalLength];

    public ReadOnlySpan<int> Chain => _chain;

    /// <summary>Has the drafts propose.</summary>
    /// <param name="place">Where in the answer, counted from its second id.</param>
    /// <param name="plan">How far.</param>
    /// <returns>The length of the longest proposal, and of the chain.</returns>
    public (int Proposed, int Chain) Propose(int place, in SpeculationPlan plan)
    {
        int longest = 0;
        for (int i = 0; i < drafts.Length; i++)
        {
            Cut(text.Proposals[drafts[i]][place], plan, _proposals[i]);
            longest = Math.Max(longest, _proposals[i].Count);
        }

        int length = longest == 0 ? 0 : _policy.Vote(new Ballot(_proposals, _weights.Values), _chain.AsSpan(0, longest));
        ChainAgreement.Compute(_proposals, Chain[..length], _agreement);
        return (longest, length);
    }

    public ChainOutlook Evidence(int length) => _evidence.Gather(_proposals, _weights.Values, _agreement, length);

    /// <summary>Learns from a round in which drafts ran.</summary>
    public void Learn(int chainLength, int accepted, ReadOnlySpan<int> committed)
    {
        _score.Compute(_proposals, committed);
        _weights.Learn(_score, _agreement, chainLength, accepted);
    }

    /// <summary>Passes on what the request taught.</summary>
    public void Publish() => _weights.Publish();

    private static void Cut(RecordedProposal recorded, in SpeculationPlan plan, Proposal proposal)
    {
        proposal.Clear();
        float confidence = 1;
        for (int i = 0; i < Math.Min(plan.Length, recorded.Ids.Length) && confidence >= plan.MinimumConfidence; i++)
        {
            proposal.Add(recorded.Ids[i], recorded.Probabilities[i]);
            confidence *= recorded.Probabilities[i];
        }
    }
}
