using CsCheck;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Voting;

public class AccumulatedPathVoteTests
{
    [Test]
    public void The_heaviest_path_wins_though_it_begins_with_the_lighter_step() => Assert.That(
        Ballots.Vote(new AccumulatedPathVote(), ([(1, 0.5f), (1, 0.1f)], 1), ([(2, 0.4f), (2, 0.9f)], 1)),
        Is.EqualTo(new[] { 2, 2 }));

    [Test]
    public void Drafts_that_share_a_beginning_share_its_weight() =>
        Assert.That(Ballots.Vote(new AccumulatedPathVote(), ([1, 1], 1.5), ([2, 3], 1), ([2, 4], 0.9)), Is.EqualTo(new[] { 2, 3 }));

    [Test]
    public void Without_confidence_and_dissent_it_takes_what_the_majority_takes() => Gen.Select(Gen.Int[0, 3].Array[4], Gen.Double[0.1, 10]).Array[1, 2].Sample(drafts =>
        Assert.That(
            Ballots.Vote(new AccumulatedPathVote { UseConfidence = false }, drafts),
            Is.EqualTo(Ballots.Vote(new WeightedMajorityVote { UseConfidence = false }, drafts))));

    [Test]
    public void No_proposal_weighs_more_than_the_chosen_one() => Ballots.Any.Sample(drafts =>
    {
        int[] chain = Ballots.Vote(new AccumulatedPathVote { UseConfidence = false }, drafts);
        double[] weights = [.. drafts.Select(path => Enumerable.Range(1, path.Ids.Length).Sum(depth => Node(path.Ids.Take(depth).Select(id => id.Token))))];
        Assert.That(Enumerable.Range(1, chain.Length).Sum(depth => Node(chain.Take(depth))), Is.EqualTo(weights.Max()).Within(1e-9));

        double Node(IEnumerable<int> path) =>
            drafts.Where(draft => draft.Ids.Select(id => id.Token).Take(path.Count()).SequenceEqual(path)).Sum(draft => draft.Weight);
    });
}
