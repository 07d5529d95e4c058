using Minions.Core.Voting;

namespace Minions.Core.Tests.Voting;

public class RewardPenaltyWeightsTests
{
    [Test]
    public void A_draft_above_the_threshold_gains_and_one_below_loses()
    {
        var weights = new RewardPenaltyWeights(2);
        weights.Observe(0, checkedTokens: 4, accepted: 4);
        weights.Observe(1, checkedTokens: 4, accepted: 0);

        Assert.That(weights.Values[0], Is.EqualTo(RewardPenaltyWeights.Reward));
        Assert.That(weights.Values[1], Is.EqualTo(RewardPenaltyWeights.Penalty));
    }

    [Test]
    public void The_mean_counts_and_not_the_last_round()
    {
        var weights = new RewardPenaltyWeights(1);
        weights.Observe(0, 4, 4);
        weights.Observe(0, 1, 0);

        Assert.That(weights.Values[0], Is.EqualTo(RewardPenaltyWeights.Reward * RewardPenaltyWeights.Reward).Within(1e-12));
    }

    [Test]
    public void Weights_stay_between_floor_and_ceiling()
    {
        var weights = new RewardPenaltyWeights(2);
        for (int round = 0; round < 200; round++)
        {
            weights.Observe(0, 1, 1);
            weights.Observe(1, 1, 0);
        }

        Assert.That(weights.Values[0], Is.EqualTo(RewardPenaltyWeights.Ceiling));
        Assert.That(weights.Values[1], Is.EqualTo(RewardPenaltyWeights.Floor));
    }
}
