using CsCheck;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.Reporting;

namespace Minions.Benchmarks.Tests.EndToEnd.Measuring;

public sealed class MeasurementsTests
{
    private static readonly Gen<double[][]> Speeds = Gen.Double[1, 1000].Array[3].Array[5];

    [Test]
    public void The_best_fixed_arm_is_that_of_the_greatest_median_and_ratios_to_it_are_paired() => Speeds.Sample(speeds =>
    {
        Measurements measured = Measured.Arms(("fixed:2", speeds[0]), ("fixed:4", speeds[1]), ("fixed:8", speeds[2]), ("goodput", speeds[3]), ("plain-identical", speeds[4]));
        int best = Enumerable.Range(0, 3).MaxBy(arm => Median(speeds[arm]));
        Figures goodput = measured.FiguresOf(null, 1)[3];

        return goodput.BestFixed == measured.Arms[best].Arm.Name
            && IsNear(goodput.OfBestFixed!.Value.Median, Median(speeds[3].Zip(speeds[best], (own, other) => own / other)))
            && IsNear(goodput.ToIdentical!.Value.Median, Median(speeds[3].Zip(speeds[4], (own, other) => own / other)))
            && measured.FiguresOf(null, 1)[best].OfBestFixed!.Value == new Spread(1, 1, 1);
    });

    [Test]
    public void Only_a_fixed_arm_that_is_the_same_otherwise_tells_what_the_length_is_worth()
    {
        Measurements measured = Measured.Arms(
            ("plain", [1]), ("goodput", [6]), ("fixed:2", [4]), ("perfect+fixed:2", [100]), ("perfect+goodput", [50]), ("useless+goodput", [3]), ("full", [9]));

        using (Assert.EnterMultipleScope())
        {
            IReadOnlyList<Figures> figures = measured.FiguresOf(null, 1);
            Assert.That(figures.Select(arm => arm.OfBestFixed?.Median), Is.EqualTo(new double?[] { null, 1.5, 1, 1, 0.5, null, null }).Within(1e-6));
            Assert.That(figures.Select(arm => arm.ToIdentical), Is.All.Null, "plain-identical was not measured");
            Assert.That(figures.Select(arm => arm.Ratio), Is.EqualTo(new double?[] { 1, 6, 4, 100, 50, 3, 9 }).Within(1e-6));
        }
    }

    [Test]
    public void Ratios_to_GenAIs_plain_decoding_are_paired()
    {
        Measurements measured = Measured.Arms(("goodput", [6, 8]), ("genai", [2, 4]), ("genai:draft-a:3", [3, 4]));

        IReadOnlyList<Figures> figures = measured.FiguresOf(null, 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(figures.Select(arm => arm.ToGenAI!.Value.Median), Is.EqualTo(new[] { 2.5, 1, 1.25 }).Within(1e-6));
            Assert.That(figures.Select(arm => arm.TextsUnlikeGenAI), Is.EqualTo(new int?[] { 4, 0, 0 }));
            Assert.That(figures.Select(arm => arm.TextsUnlikeOwn), Is.EqualTo(new int?[] { null, 4, 4 }));
            Assert.That(figures.Select(arm => arm.TextsDiffering), Is.EqualTo(new int?[] { 0, null, null }));
        }
    }

    [Test]
    public void A_cold_request_is_held_against_the_cold_one_of_plain()
    {
        Measurements measured = Measured.Arms(("goodput", [6]), ("plain", [1]));
        (measured.Arms[0].ColdTokensPerSecond, measured.Arms[1].ColdTokensPerSecond) = (30, 40);

        Assert.That(measured.ColdRatioOf(measured.Arms[0]), Is.EqualTo(0.75));
        Assert.That(Measured.Arms(("goodput", [6])) is var alone ? alone.ColdRatioOf(alone.Arms[0]) : 0, Is.Null);
    }

    private static double Median(IEnumerable<double> figures) => Spread.Of(figures).Median;

    // Times are whole ticks.
    private static bool IsNear(double value, double expected) => Math.Abs(value / expected - 1) < 1e-3;
}
