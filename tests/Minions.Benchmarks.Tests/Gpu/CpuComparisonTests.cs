using Minions.Benchmarks.Gpu;

namespace Minions.Benchmarks.Tests.Gpu;

public sealed class CpuComparisonTests
{
    private static readonly CpuComparison None = new(0, 0, 0, 0);

    [Test]
    public void Rows_are_equal_to_themselves()
    {
        float[][] rows = [[1, 2, 3], [3, 2, 1]];

        Assert.That(None.With(rows, rows), Is.EqualTo(new CpuComparison(2, 2, 0, 0)));
    }

    [Test]
    public void Differences_add_up_over_calls()
    {
        CpuComparison compared = None.With([[1, 2, 3]], [[1, 2, 2.5f]]).With([[5, 0, 0]], [[4, 0, 6]]);

        Assert.That((compared.Positions, compared.SameChoices, compared.LargestDifference), Is.EqualTo((2, 1, 6d)));
        Assert.That(compared.MeanDifference, Is.EqualTo((0.5 + 7) / 6).Within(1e-12));
    }

    [TestCase(10, 10, true)]
    [TestCase(10, 9, true)]
    [TestCase(10, 8, false)]
    public void Few_flips_are_plausible_and_many_are_a_fault(int positions, int same, bool plausible) =>
        Assert.That(new CpuComparison(positions, same, 1, 0.1).IsPlausible, Is.EqualTo(plausible));
}
