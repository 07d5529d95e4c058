using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Voting;

public class WeightedMajorityVoteTests
{
    private static readonly Gen<(int[] Tokens, double Weight)[]> Ballots =
        Gen.Select(Gen.Int[0, 3].Array[0, 6], Gen.Double[0.1, 10]).Array[1, 6];

    [Test]
    public void Chain_is_the_whole_proposal_of_one_draft() => Ballots.Sample(drafts =>
    {
        int[] chain = Vote(drafts);
        Assert.That(drafts.Select(draft => draft.Tokens), Has.Some.EqualTo(chain));
    });

    [Test]
    public void Each_step_goes_to_the_heaviest_child() => Ballots.Sample(drafts =>
    {
        int[] chain = Vote(drafts);
        for (int depth = 0; depth < chain.Length; depth++)
        {
            var onPath = drafts.Where(draft => draft.Tokens.Length > depth && draft.Tokens.AsSpan(0, depth).SequenceEqual(chain.AsSpan(0, depth)));
            var children = onPath.GroupBy(draft => draft.Tokens[depth]).ToDictionary(child => child.Key, child => child.Sum(draft => draft.Weight));
            Assert.That(children[chain[depth]], Is.EqualTo(children.Values.Max()).Within(1e-9));
        }
    });

    [Test]
    public void Two_light_drafts_outvote_a_heavy_one_that_stands_alone() =>
        Assert.That(Vote([([1, 1], 1.5), ([2, 3], 1), ([2, 4], 0.9)]), Is.EqualTo(new[] { 2, 3 }));

    [Test]
    public void Of_equals_the_earliest_draft_wins() =>
        Assert.That(Vote([([7], 1), ([3], 1), ([5], 1)]), Is.EqualTo(new[] { 7 }));

    [Test]
    public void Nothing_proposed_means_no_chain() => Assert.That(Vote([([], 1), ([], 1)]), Is.Empty);

    private static int[] Vote((int[] Tokens, double Weight)[] drafts)
    {
        Proposal[] proposals = [.. drafts.Select(draft => Propose(draft.Tokens))];
        double[] weights = [.. drafts.Select(draft => draft.Weight)];
        var chain = new int[proposals.Max(proposal => proposal.Count)];
        int length = new WeightedMajorityVote().Vote(new Ballot(proposals, weights), chain);
        return chain[..length];
    }

    private static Proposal Propose(int[] tokens)
    {
        var proposal = new Proposal();
        foreach (int token in tokens)
            proposal.Add(token);
        return proposal;
    }
}
