using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Benchmarks.EndToEnd.Measuring;

namespace Minions.Benchmarks.Tests.EndToEnd.Costs;

public sealed class HeadCostsTests
{
    private static readonly HeadCosts Costs = new([2, 3, 4], 0.5);

    [TestCase(1, 1, 2)]
    [TestCase(3, 1, 4)]
    [TestCase(2, 4, 4.5, Description = "three further steps")]
    [TestCase(9, 2, 4.5, Description = "more rows than measured")]
    [TestCase(0, 0, 2, Description = "nothing new, nothing proposed: it ran all the same")]
    public void A_chain_costs_its_first_step_by_rows_and_its_further_steps(int rows, int length, double milliseconds) =>
        Assert.That(Costs.Of(rows, length), Is.EqualTo(milliseconds));

    [Test]
    public void Of_heads_side_by_side_the_costliest_counts()
    {
        var log = new RoundLog(2);
        log.AddChain(0, "one", rows: 1, length: 1);
        log.AddChain(0, "one", rows: 1, length: 1);
        log.AddChain(0, "other", rows: 2, length: 2);
        log.AddChain(1, "other", rows: 3, length: 1);
        log.AddChain(1, "unmeasured", rows: 3, length: 1);
        var costs = new Dictionary<string, HeadCosts> { ["one"] = Costs, ["other"] = Costs };

        Assert.That(new[] { log.HeadMilliseconds(0, costs), log.HeadMilliseconds(1, costs), log.HeadMilliseconds(null, costs) }, Is.EqualTo(new[] { 4, 4, 7.5 }));
    }
}
