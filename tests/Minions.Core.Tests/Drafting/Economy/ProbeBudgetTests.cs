using Minions.Core.Drafting.Economy;

namespace Minions.Core.Tests.Drafting.Economy;

public class ProbeBudgetTests
{
    [Test]
    public void Rests_double_with_each_probe_in_vain_and_end_with_one_that_paid()
    {
        var budget = new ProbeBudget(1);
        for (int rest = ProbeBudget.ShortestRest; rest <= ProbeBudget.LongestRest; rest *= 2)
        {
            Assert.That(RoundsUntilProbe(budget, cost: 0), Is.EqualTo(rest));
            budget.Conclude(0, earnedItsPlace: false);
        }

        Assert.That(RoundsUntilProbe(budget, cost: 0), Is.EqualTo(ProbeBudget.LongestRest));
        budget.Conclude(0, earnedItsPlace: true);
        Assert.That(RoundsUntilProbe(budget, cost: 0), Is.EqualTo(ProbeBudget.ShortestRest));
    }

    [Test]
    public void Probes_take_no_more_than_their_share([Values(0.001, 0.1, 3)] double cost)
    {
        var budget = new ProbeBudget(1);
        double spent = 0;
        const int rounds = 40_000;
        for (int round = 0; round < rounds; round++)
        {
            budget.Earn(0.01);
            budget.Rest(0);
            if (!budget.Allows(0, cost, urgent: false))
                continue;

            budget.Spend(cost);
            budget.Conclude(0, earnedItsPlace: false);
            spent += cost;
        }

        Assert.That(spent, Is.LessThanOrEqualTo(ProbeBudget.Share * 0.01 * rounds + cost), "the last probe may not be earned yet");
        Assert.That(spent, Is.Positive);
    }

    [Test]
    public void What_is_saved_has_a_bound()
    {
        var budget = new ProbeBudget(1);
        for (int round = 0; round < 100_000; round++)
            budget.Earn(0.01);
        Assert.That(budget.Seconds, Is.LessThanOrEqualTo(0.32 + 1e-9));
    }

    [Test]
    public void A_text_that_seems_to_have_changed_shortens_the_rest()
    {
        var budget = new ProbeBudget(1);
        budget.Conclude(0, earnedItsPlace: false);
        for (int round = 0; round < ProbeBudget.ShortestRest; round++)
            budget.Rest(0);
        Assert.That(budget.Allows(0, 0, urgent: false), Is.False);
        Assert.That(budget.Allows(0, 0, urgent: true), Is.True);
    }

    private static int RoundsUntilProbe(ProbeBudget budget, double cost)
    {
        int rounds = 0;
        while (!budget.Allows(0, cost, urgent: false))
        {
            budget.Rest(0);
            rounds++;
        }

        return rounds;
    }
}
