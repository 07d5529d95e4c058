using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Economy;
using Minions.Core.Tests.Voting;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Drafting.Economy;

public class PanelPollTests
{
    private static readonly Gen<(((int Token, float Probability)[] Ids, double Weight)[] Drafts, int[] Committed)> Cases =
        Gen.Select(Ballots.Any, Gen.Int[0, 3].Array[1, 7]);

    [Test]
    public void Smaller_panels_are_asked_as_if_they_were_all_there_is() => Cases.Sample(c =>
    {
        PanelRound round = Poll(c.Drafts, c.Committed, new PanelPoll(new WeightedMajorityVote(), c.Drafts.Length));
        Assert.That(round.Polled, Is.EqualTo(DraftSet.First(c.Drafts.Length)));
        Assert.That(round.Accepted, Is.EqualTo(Accepted(_ => true)));
        for (int draft = 0; draft < c.Drafts.Length; draft++)
        {
            Assert.That(round.Without[draft], Is.EqualTo(Accepted(other => other != draft)));
            Assert.That(round.Alone[draft], Is.EqualTo(Accepted(other => other == draft)));
        }

        int Accepted(Func<int, bool> isThere)
        {
            int[] chain = Ballots.Vote(new WeightedMajorityVote(), [.. c.Drafts.Select((draft, i) => isThere(i) ? draft : ([], draft.Weight))]);
            return c.Committed.AsSpan().CommonPrefixLength(chain);
        }
    });

    [Test]
    public void Of_many_drafts_all_have_their_turn()
    {
        var poll = new PanelPoll(new WeightedMajorityVote(), 64);
        var drafts = Enumerable.Repeat((Ids: new[] { (1, 0.5f) }, Weight: 1.0), 64).ToArray();
        ulong polled = 0;
        for (int round = 0; round < 8; round++)
            polled |= Poll(drafts, [1], poll).Polled;
        Assert.That(polled, Is.EqualTo(ulong.MaxValue));
    }

    private static PanelRound Poll(((int Token, float Probability)[] Ids, double Weight)[] drafts, int[] committed, PanelPoll poll)
    {
        var round = new PanelRound(drafts.Length) { Running = DraftSet.First(drafts.Length), Length = 7 };
        poll.Take([.. drafts.Select(draft => Ballots.Propose(draft.Ids))], [.. drafts.Select(draft => draft.Weight)], committed, round);
        return round;
    }
}
