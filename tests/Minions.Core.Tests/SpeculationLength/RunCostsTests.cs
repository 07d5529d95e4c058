using CsCheck;
using Minions.Core.SpeculationLength.Goodput;

namespace Minions.Core.Tests.SpeculationLength;

public sealed class RunCostsTests
{
    private const double Unit = 1e-3;

    [Test]
    public void A_step_and_what_beginning_costs_are_told_apart() => Gen.Select(Gen.Double[0.05, 0.5], Gen.Double[0, 2], Gen.Int[0, 1000]).Sample(
        (step, start, seed) =>
        {
            var costs = new RunCosts();
            var random = new Random(seed);
            for (int i = 0; i < 2000; i++)
            {
                int steps = random.Next(1, 9);
                costs.LearnRun(2, 1, Unit * 1.1);
                costs.LearnDrafting(1, steps, 0, 1, Unit * step * (steps + start) * Math.Exp(0.2 * (random.NextDouble() - 0.5)));
            }

            double unit = costs.UnitSeconds / Unit;
            Assert.That(costs.Step(1) * unit, Is.EqualTo(step).Within(15).Percent);
            Assert.That(costs.Step(1) * (1 + costs.Start) * unit, Is.EqualTo(step * (1 + start)).Within(15).Percent);
        },
        iter: 30);

    [Test]
    public void Drafts_take_no_more_than_together_with_others_and_no_less_than_some_of_them()
    {
        var costs = new RunCosts();
        Learn(costs, 0b111, 0.3);
        Learn(costs, 0b001, 0.1);
        Assert.That(costs.Step(0b101), Is.InRange(costs.Step(0b001), costs.Step(0b111)), "unknown");

        Assert.That(costs.Step(0b100), Is.InRange(costs.Step(0b111) / 3, costs.Step(0b111)), "a part of what is slow may be slow");

        costs.LearnDrafting(0b101, 1, 0, 1, Unit * 20);
        Assert.That(costs.Step(0b101), Is.LessThanOrEqualTo(costs.Step(0b111)), "looked dear once");
    }

    private static void Learn(RunCosts costs, ulong drafts, double step)
    {
        for (int i = 0; i < 20; i++)
        {
            costs.LearnRun(1, 1, Unit);
            costs.LearnDrafting(drafts, 2, 0, 1, Unit * step * 2);
        }
    }
}
