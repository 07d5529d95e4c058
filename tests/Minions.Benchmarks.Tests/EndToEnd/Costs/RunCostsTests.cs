using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Benchmarks.EndToEnd.Measuring;

namespace Minions.Benchmarks.Tests.EndToEnd.Costs;

public sealed class RunCostsTests
{
    private static readonly RunCosts Costs = new(new Dictionary<RunShape, double>
    {
        [new(4, 1)] = 14,
        [new(1, 1)] = 10,
        [new(2, 1)] = 12,
        [new(8, 1)] = 30,
        [new(4, 2)] = 16,
        [new(8, 2)] = 20,
    });

    [TestCase(1, 10)]
    [TestCase(2, 12)]
    [TestCase(3, 13, Description = "in the middle between two measured widths")]
    [TestCase(6, 22)]
    [TestCase(8, 30)]
    [TestCase(10, 38, Description = "beyond the widest, with the slope before it")]
    public void A_width_costs_what_lies_on_the_line_through_its_neighbours(int rows, double milliseconds) =>
        Assert.That(Costs.Of(new RunShape(rows, 1)), Is.EqualTo(milliseconds).Within(1e-9));

    [TestCase(6, 2, 18)]
    [TestCase(6, 5, 18, Description = "more slots than measured")]
    [TestCase(2, 2, 16, Description = "narrower than measured")]
    public void A_packed_run_costs_what_runs_of_as_many_slots_do(int rows, int slots, double milliseconds) =>
        Assert.That(Costs.Of(new RunShape(rows, slots)), Is.EqualTo(milliseconds).Within(1e-9));

    [Test]
    public void Plain_decoding_is_its_own_bound() => Assert.That(Costs.Bound(50, Runs((1, 1, 50))), Is.EqualTo(1).Within(1e-9));

    [Test]
    public void The_bound_is_tokens_over_the_relative_costs_of_all_rounds() =>
        Assert.That(Costs.Bound(30, Runs((4, 1, 5), (2, 1, 10))), Is.EqualTo(30 / (5 * 1.4 + 10 * 1.2)).Within(1e-9));

    [Test]
    public void A_shared_run_counts_by_its_share() =>
        Assert.That(Costs.Bound(8, Runs((8, 2, 0.5))), Is.EqualTo(8.0).Within(1e-9));

    [Test]
    public void What_a_head_takes_between_runs_is_part_of_the_bound() =>
        Assert.That(Costs.Bound(30, Runs((4, 1, 5), (2, 1, 10)), headMilliseconds: 40), Is.EqualTo(300.0 / (5 * 14 + 10 * 12 + 40)).Within(1e-9));

    [Test]
    public void Without_rounds_there_is_no_bound() => Assert.That(Costs.Bound(0, []), Is.Null);

    private static KeyValuePair<RunShape, double>[] Runs(params (int Rows, int Slots, double Count)[] runs) =>
        [.. runs.Select(run => KeyValuePair.Create(new RunShape(run.Rows, run.Slots), run.Count))];
}
