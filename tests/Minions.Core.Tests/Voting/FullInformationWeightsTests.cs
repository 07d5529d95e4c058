using CsCheck;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Voting;

public class FullInformationWeightsTests
{
    private static readonly int[] Text = [1, 2, 3, 4, 5];

    [Test]
    public void A_draft_learns_though_its_chain_was_not_checked()
    {
        var weights = new FullInformationWeights(2, new WeightPrior(2));
        Learn(weights, [1, 2, 3, 4], [9, 9, 9, 9]);

        Assert.That(weights.Values[0], Is.EqualTo(FullInformationWeights.Ceiling));
        Assert.That(weights.Values[1], Is.LessThan(0.1), "one round of four ids tells much");
    }

    [Test]
    public void Weights_stay_between_floor_and_ceiling_and_the_best_draft_has_the_ceiling() =>
        Gen.Int[0, 4].Array[3].Array[0, 60].Sample(rounds =>
        {
            var weights = new FullInformationWeights(3, new WeightPrior(3));
            foreach (int[] agreed in rounds)
                Learn(weights, [.. agreed.Select(ids => Text.Take(ids).Append(9).ToArray())]);

            double[] values = weights.Values.ToArray();
            Assert.That(values, Has.All.InRange(FullInformationWeights.Floor, FullInformationWeights.Ceiling));
            Assert.That(values.Max(), Is.EqualTo(FullInformationWeights.Ceiling));
        });

    [Test]
    public void More_agreement_never_makes_a_draft_lighter() => Gen.Select(Gen.Int[0, 4].Array[2].Array[1, 30], Gen.Int[0, 29]).Sample((rounds, at) =>
    {
        at %= rounds.Length;
        int[][] better = [.. rounds.Select((round, i) => i == at ? new[] { Math.Min(round[0] + 1, 4), round[1] } : round)];
        Assert.That(WeightOfFirst(better), Is.GreaterThanOrEqualTo(WeightOfFirst(rounds) - 1e-12));

        // Fixed lengths, so that both histories evaluate what there is to evaluate.
        static double WeightOfFirst(int[][] rounds)
        {
            var weights = new FullInformationWeights(2, new WeightPrior(2));
            foreach (int[] agreed in rounds)
                Learn(weights, [.. agreed.Select(ids => Text.Take(ids).Append(9).Take(4).ToArray())]);
            return weights.Values[0];
        }
    });

    [Test]
    public void A_draft_that_becomes_good_takes_over_within_a_few_rounds()
    {
        var weights = new FullInformationWeights(2, new WeightPrior(2));
        for (int round = 0; round < 100; round++)
            Learn(weights, [1, 2, 3, 4], [9, 9, 9, 9]);

        int rounds = 0;
        while (weights.Values[1] < FullInformationWeights.Ceiling)
        {
            Learn(weights, [9, 9, 9, 9], [1, 2, 3, 4]);
            rounds++;
        }

        Assert.That(rounds, Is.InRange(2, 30));
    }

    [Test]
    public void What_a_draft_showed_fades_while_it_rests()
    {
        var prior = new WeightPrior(2);
        var weights = new FullInformationWeights(2, prior);
        for (int round = 0; round < 20; round++)
            Learn(weights, [1, 2, 9, 9], [9, 9, 9, 9]);
        double before = weights.Values[1];
        for (int round = 0; round < 100; round++)
            Learn(weights, [1, 9, 9, 9], []);

        Assert.That(before, Is.LessThan(0.1));
        Assert.That(weights.Values[1], Is.GreaterThan(0.5), "one right of two is what an unknown draft is held to be");
    }

    [Test]
    public void A_request_starts_from_what_earlier_ones_taught()
    {
        var prior = new WeightPrior(2);
        var first = new FullInformationWeights(2, prior);
        Assert.That(first.Values.ToArray(), Is.EqualTo(new[] { 1.0, 1.0 }), "nothing is known yet");
        Learn(first, [1, 2, 3, 4], [1, 9, 9, 9]);
        Assert.That(new FullInformationWeights(2, prior).Values[1], Is.EqualTo(1), "a request teaches when it has ended");

        first.Publish();
        Assert.That(new FullInformationWeights(2, prior).Values[1], Is.LessThan(1));
    }

    [Test]
    public void A_long_request_teaches_no_more_than_a_short_one()
    {
        Assert.That(After(1)[1], Is.EqualTo(After(100)[1]).Within(1e-12));

        static double[] After(int rounds)
        {
            var prior = new WeightPrior(2);
            var request = new FullInformationWeights(2, prior);
            for (int round = 0; round < rounds; round++)
                Learn(request, [1, 2, 3, 4], [1, 2, 9, 9]);
            request.Publish();
            return new FullInformationWeights(2, prior).Values.ToArray();
        }
    }

    private static void Learn(FullInformationWeights weights, params int[][] proposals)
    {
        var score = new RoundScore(proposals.Length);
        score.Compute([.. proposals.Select(Ballots.Propose)], Text);
        weights.Learn(score, new int[proposals.Length], chainLength: 4, accepted: 4);
    }
}
