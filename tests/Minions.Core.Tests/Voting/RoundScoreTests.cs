using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Voting;

public class RoundScoreTests
{
    [TestCase(new[] { 1, 2, 3 }, new[] { 1, 2 }, 2, 2, TestName = "The_text_ends_before_the_proposal")]
    [TestCase(new[] { 1, 2 }, new[] { 1, 2, 3 }, 2, 2, TestName = "The_proposal_ends_before_the_text")]
    [TestCase(new[] { 1, 5, 3 }, new[] { 1, 2, 3 }, 1, 2, TestName = "Nothing_counts_behind_the_first_wrong_id")]
    [TestCase(new int[0], new[] { 1 }, 0, 0, TestName = "A_draft_that_rests_is_not_scored")]
    public void Scores(int[] proposed, int[] committed, int agreed, int evaluated)
    {
        var score = new RoundScore(1);
        score.Compute([Ballots.Propose(proposed)], committed);
        Assert.That((score.Agreed[0], score.Evaluated[0]), Is.EqualTo((agreed, evaluated)));
    }

    [Test]
    public void A_draft_is_wrong_at_most_once_a_round() => Gen.Select(Gen.Int[0, 2].Array[0, 6], Gen.Int[0, 2].Array[1, 6]).Sample((proposed, committed) =>
    {
        var score = new RoundScore(1);
        Proposal proposal = Ballots.Propose(proposed);
        score.Compute([proposal], committed);
        Assert.That(score.Evaluated[0] - score.Agreed[0], Is.InRange(0, 1));
        Assert.That(score.Evaluated[0], Is.LessThanOrEqualTo(Math.Min(proposal.Count, committed.Length)));
    });
}
