using CsCheck;
using Minions.Benchmarks.Reporting;

namespace Minions.Benchmarks.Tests.Reporting;

public sealed class SpreadTests
{
    [TestCase(new double[] { 7 }, 7)]
    [TestCase(new double[] { 3, 1 }, 2)]
    [TestCase(new double[] { 9, 1, 2 }, 2)]
    [TestCase(new double[] { 4, 1, 9, 2 }, 3)]
    public void The_median_has_as_many_figures_below_as_above(double[] figures, double median) =>
        Assert.That(Spread.Of(figures).Median, Is.EqualTo(median));

    [Test]
    public void A_quantile_between_two_figures_lies_on_their_line()
    {
        double[] sorted = [10, 20, 40];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Spread.Quantile(sorted, 0), Is.EqualTo(10));
            Assert.That(Spread.Quantile(sorted, 0.25), Is.EqualTo(15));
            Assert.That(Spread.Quantile(sorted, 0.95), Is.EqualTo(38).Within(1e-9));
            Assert.That(Spread.Quantile(sorted, 1), Is.EqualTo(40));
        }
    }

    [Test]
    public void Order_does_not_matter_and_the_median_lies_between_the_ends() =>
        Gen.Double[-1e6, 1e6].Array[1, 20].Sample(figures =>
        {
            Spread spread = Spread.Of(figures);
            return spread == Spread.Of(figures.Reverse()) && spread.Minimum <= spread.Median && spread.Median <= spread.Maximum;
        });
}
