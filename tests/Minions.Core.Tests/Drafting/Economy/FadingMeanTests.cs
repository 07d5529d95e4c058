using CsCheck;
using Minions.Core.Drafting.Economy;

namespace Minions.Core.Tests.Drafting.Economy;

public class FadingMeanTests
{
    private static readonly Gen<double[]> Samples = Gen.Double[-5, 5].Array[1, 20];

    [Test]
    public void Without_forgetting_it_is_the_mean() => Samples.Sample(samples =>
        Assert.That(Of(samples, 1).Mean, Is.EqualTo(samples.Average()).Within(1e-9)));

    [Test]
    public void Shifting_it_shifts_every_sample() => Gen.Select(Samples, Gen.Double[-5, 5]).Sample((samples, by) =>
    {
        FadingMean shifted = Of(samples, 0.9);
        shifted.Shift(by);
        FadingMean expected = Of([.. samples.Select(sample => sample + by)], 0.9);
        Assert.That(shifted.Mean, Is.EqualTo(expected.Mean).Within(1e-9));
        Assert.That(shifted.Error(1), Is.EqualTo(expected.Error(1)).Within(1e-6));
    });

    [Test]
    public void Weakened_it_keeps_its_mean_and_yields_more_to_new_samples() => Samples.Sample(samples =>
    {
        FadingMean weak = Of(samples, 1);
        weak.Weaken(1);
        Assert.That(weak.Mean, Is.EqualTo(samples.Average()).Within(1e-9));
        Assert.That(weak.Count, Is.EqualTo(1));
        Assert.That(weak.Error(1), Is.GreaterThanOrEqualTo(Of(samples, 1).Error(1) - 1e-9));
    });

    [Test]
    public void Old_samples_fade()
    {
        FadingMean mean = Of([.. Enumerable.Repeat(9.0, 50), .. Enumerable.Repeat(1.0, 50)], 0.8);
        Assert.That(mean.Mean, Is.EqualTo(1).Within(0.01));
        Assert.That(mean.Count, Is.EqualTo(5).Within(0.01));
    }

    private static FadingMean Of(double[] samples, double forgetting)
    {
        var mean = new FadingMean();
        foreach (double sample in samples)
            mean.Add(sample, forgetting);
        return mean;
    }
}
