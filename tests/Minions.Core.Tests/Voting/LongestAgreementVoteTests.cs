using CsCheck;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Voting;

public class LongestAgreementVoteTests
{
    [Test]
    public void It_stops_where_the_last_two_drafts_part() =>
        Assert.That(Ballots.Vote(new LongestAgreementVote(), ([1, 2, 3, 4], 1), ([1, 2, 3, 5], 1), ([1, 2, 6, 6], 9)), Is.EqualTo(new[] { 1, 2, 3 }));

    [Test]
    public void Of_equally_long_agreements_the_heavier_wins() =>
        Assert.That(Ballots.Vote(new LongestAgreementVote(), ([1, 2], 1), ([1, 3], 1), ([4, 2], 1), ([4, 3], 1.1)), Is.EqualTo(new[] { 4 }));

    [Test]
    public void Without_agreement_it_follows_the_heaviest_draft() =>
        Assert.That(Ballots.Vote(new LongestAgreementVote(), ([1, 2], 1), ([3, 4], 2)), Is.EqualTo(new[] { 3, 4 }));

    [Test]
    public void No_two_drafts_agree_on_more() => Ballots.Any.Where(drafts => drafts.Length > 1).Sample(drafts =>
    {
        int[] chain = Ballots.Vote(new LongestAgreementVote(), drafts);
        int[][] proposals = [.. drafts.Select(draft => draft.Ids.Select(id => id.Token).ToArray())];
        int longest = proposals.SelectMany((one, i) => proposals.Skip(i + 1).Select(other => one.AsSpan().CommonPrefixLength(other))).Max();
        if (longest > 0)
            Assert.That(chain, Has.Length.EqualTo(longest));
    });
}
