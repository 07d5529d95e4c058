using CsCheck;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Voting;

public class WeightedMajorityVoteTests
{
    [Test]
    public void Chain_is_the_whole_proposal_of_one_draft([Values] bool countsConfidence) => Ballots.Any.Sample(drafts =>
    {
        int[] chain = Ballots.Vote(new WeightedMajorityVote { UseConfidence = countsConfidence }, drafts);
        Assert.That(drafts.Select(draft => draft.Ids.Select(id => id.Token)), Has.Some.EqualTo(chain));
    });

    [Test]
    public void Each_step_goes_to_the_heaviest_child([Values] bool countsConfidence) => Ballots.Any.Sample(drafts =>
    {
        int[] chain = Ballots.Vote(new WeightedMajorityVote { UseConfidence = countsConfidence }, drafts);
        for (int depth = 0; depth < chain.Length; depth++)
        {
            var onPath = drafts.Where(draft => draft.Ids.Length > depth && draft.Ids.Take(depth).Select(id => id.Token).SequenceEqual(chain.Take(depth)));
            var children = onPath.GroupBy(draft => draft.Ids[depth].Token).ToDictionary(child => child.Key, child => child.Sum(draft => Vote(draft, depth)));
            Assert.That(children[chain[depth]], Is.EqualTo(children.Values.Max()).Within(1e-9));
        }

        double Vote(((int Token, float Probability)[] Ids, double Weight) draft, int depth) => countsConfidence
            ? draft.Ids.Take(depth + 1).Aggregate(draft.Weight, (vote, id) => vote * Math.Sqrt(float.IsNaN(id.Probability) ? 0.5 : id.Probability))
            : draft.Weight;
    });

    [Test]
    public void Two_light_drafts_outvote_a_heavy_one_that_stands_alone() =>
        Assert.That(Ballots.Vote(new WeightedMajorityVote(), ([1, 1], 1.5), ([2, 3], 1), ([2, 4], 0.9)), Is.EqualTo(new[] { 2, 3 }));

    [Test]
    public void A_sure_draft_outvotes_two_that_guess() => Assert.That(
        Ballots.Vote(new WeightedMajorityVote(), ([(1, 0.9f)], 1), ([(2, 0.1f)], 1), ([(2, 0.2f)], 1)),
        Is.EqualTo(new[] { 1 }));

    [Test]
    public void By_weight_alone_confidence_does_not_count() => Assert.That(
        Ballots.Vote(new WeightedMajorityVote { UseConfidence = false }, ([(1, 0.9f)], 1), ([(2, 0.1f)], 1), ([(2, 0.2f)], 1)),
        Is.EqualTo(new[] { 2 }));

    [Test]
    public void Doubt_in_a_draft_outweighs_its_own_confidence() => Assert.That(
        Ballots.Vote(new WeightedMajorityVote(), ([(1, 0.9f)], 0.1), ([(2, 0.3f)], 1)),
        Is.EqualTo(new[] { 2 }));
}
