using CsCheck;
using Minions.Core.Speculation.Goodput;

namespace Minions.Core.Tests.Speculation.Goodput;

public class PositionRatiosTests
{
    private const double First = 0.6;

    [Test]
    public void Before_anything_happened_every_position_has_the_first_ratio()
    {
        double[] ratios = new double[5];
        new PositionRatios(First, 4, 0.99).Estimate(ratios);
        Assert.That(ratios, Is.All.EqualTo(First).Within(1e-12));
    }

    [Test]
    public void What_happened_often_is_known() => Gen.Double[0, 1].Array[4].Sample(shares =>
    {
        var ratios = new PositionRatios(First, 4, 1);
        for (int i = 0; i < shares.Length; i++)
            ratios.Add(i, shares[i] * 1e4, 1e4);
        double[] estimates = new double[shares.Length];
        ratios.Estimate(estimates);
        for (int i = 0; i < shares.Length; i++)
            Assert.That(estimates[i], Is.EqualTo(shares[i]).Within(1e-3));
    });

    [Test]
    public void A_position_of_which_nothing_is_known_is_like_the_one_before()
    {
        var ratios = new PositionRatios(First, 4, 1);
        ratios.Add(1, 90, 100);
        double[] estimates = new double[4];
        ratios.Estimate(estimates);
        Assert.That(estimates[0], Is.EqualTo(First).Within(1e-12));
        Assert.That(estimates[1], Is.EqualTo((90 + 4 * First) / 104).Within(1e-12));
        Assert.That(estimates[2..], Is.All.EqualTo(estimates[1]).Within(1e-12));
    }

    [Test]
    public void Older_rounds_count_less()
    {
        var ratios = new PositionRatios(First, 4, 0.9);
        for (int round = 0; round < 200; round++)
        {
            ratios.Fade();
            ratios.Add(0, round < 100 ? 1 : 0, 1);
        }

        double[] estimates = new double[1];
        ratios.Estimate(estimates);
        Assert.That(estimates[0], Is.LessThan(First));
        Assert.That(estimates[0], Is.EqualTo(4 * First / (4 + 10)).Within(0.01));
    }
}
