using CsCheck;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Voting;

/// <summary>What holds for every policy that the library ships.</summary>
public class VotingPolicyLawTests
{
    private static readonly IVotingPolicy[] Policies =
    [
        new WeightedMajorityVote(),
        new WeightedMajorityVote { UseConfidence = false },
        new AccumulatedPathVote(),
        new AccumulatedPathVote { UseConfidence = false },
        new BestDraftVote(),
        new LongestAgreementVote(),
    ];

    [TestCaseSource(nameof(Policies))]
    public void Chain_begins_some_drafts_proposal(IVotingPolicy policy) => Ballots.Any.Sample(drafts =>
    {
        int[] chain = Ballots.Vote(policy, drafts);
        Assert.That(drafts.Select(draft => draft.Ids.Select(id => id.Token).Take(chain.Length)), Has.Some.EqualTo(chain));
    });

    [TestCaseSource(nameof(Policies))]
    public void Something_is_chosen_when_something_was_proposed(IVotingPolicy policy) => Ballots.Any.Sample(drafts =>
        Assert.That(Ballots.Vote(policy, drafts).Length, drafts.Any(draft => draft.Ids.Length > 0) ? Is.Positive : Is.Zero));

    [TestCaseSource(nameof(Policies))]
    public void Only_ratios_of_weights_count(IVotingPolicy policy) => Ballots.Any.Sample(drafts =>
        Assert.That(
            Ballots.Vote(policy, [.. drafts.Select(draft => (draft.Ids, draft.Weight * 8))]), // A power of two rounds nothing.
            Is.EqualTo(Ballots.Vote(policy, drafts))));

    [TestCaseSource(nameof(Policies))]
    public void A_lone_proposal_is_taken_whole(IVotingPolicy policy) => Ballots.Proposals.Sample(ids =>
        Assert.That(
            Ballots.Vote(policy, ([], 10), (ids, 0.1), ([], 10)),
            Is.EqualTo(ids.Select(id => id.Token))));

    [TestCaseSource(nameof(Policies))]
    public void Of_equals_the_earliest_draft_wins(IVotingPolicy policy) =>
        Assert.That(Ballots.Vote(policy, ([7], 1), ([3], 1), ([5], 1)), Is.EqualTo(new[] { 7 }));

    [TestCaseSource(nameof(Policies))]
    public void The_longest_proposals_fit(IVotingPolicy policy)
    {
        (int, float)[] unsure = [.. Enumerable.Repeat((1, 0f), 64)];
        Assert.That(Ballots.Vote(policy, (unsure, 1e-3), (unsure, 1e-3)), Has.Length.EqualTo(64));
    }
}
