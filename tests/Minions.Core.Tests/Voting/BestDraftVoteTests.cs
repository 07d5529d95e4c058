using Minions.Core.Voting;

namespace Minions.Core.Tests.Voting;

public class BestDraftVoteTests
{
    [Test]
    public void The_heaviest_draft_is_followed_against_any_majority() =>
        Assert.That(Ballots.Vote(new BestDraftVote(), ([1], 1), ([2, 2], 1.1), ([1], 1)), Is.EqualTo(new[] { 2, 2 }));

    [Test]
    public void A_draft_that_proposed_nothing_is_passed_over() =>
        Assert.That(Ballots.Vote(new BestDraftVote(), ([], 9), ([4], 1), ([5], 2)), Is.EqualTo(new[] { 5 }));
}
