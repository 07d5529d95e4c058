using CsCheck;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Core.Tests.Verification;

public class RowLogProbabilitiesTests
{
    private static readonly Gen<float> Logit = Gen.OneOf(Gen.Float[-40, 40], Gen.Int[-2, 2].Select(value => (float)value), Gen.Const(float.NegativeInfinity));

    private static readonly Gen<(float[] Row, int Chosen, int Count)> Rows =
        Logit.Array[1, 3000].Where(row => row.Any(float.IsFinite)).SelectMany(row => Gen.Select(Gen.Const(row), Gen.Int[0, row.Length - 1], Gen.Int[0, 20]));

    [Test]
    public void They_are_the_logarithms_of_the_softmax() => Rows.Sample(c =>
    {
        TokenLogProbabilities found = RowLogProbabilities.Of(c.Row, c.Chosen, c.Count);
        double maximum = c.Row.Max();
        double mass = Math.Log(c.Row.Sum(logit => Math.Exp(logit - maximum)));

        Assert.That(found.Chosen, Is.EqualTo(c.Row[c.Chosen] - maximum - mass).Within(1e-4));
        Assert.That(found.Chosen, Is.LessThanOrEqualTo(0));
        foreach (TokenLogProbability likely in found.Likeliest)
            Assert.That(likely.LogProbability, Is.EqualTo(c.Row[likely.Id] - maximum - mass).Within(1e-4));
    });

    [Test]
    public void The_likeliest_are_those_that_sorting_puts_first() => Rows.Sample(c =>
    {
        IEnumerable<int> sorted = Enumerable.Range(0, c.Row.Length).Where(id => !float.IsNegativeInfinity(c.Row[id])).OrderByDescending(id => c.Row[id]).ThenBy(id => id);

        Assert.That(RowLogProbabilities.Of(c.Row, c.Chosen, c.Count).Likeliest.Select(likely => likely.Id), Is.EqualTo(sorted.Take(c.Count)));
    });

    [Test]
    public void Infinite_logits_share_the_whole()
    {
        TokenLogProbabilities found = RowLogProbabilities.Of([1, float.PositiveInfinity, 2, float.PositiveInfinity], 1, 3);

        Assert.That(found.Chosen, Is.EqualTo(Math.Log(0.5)).Within(1e-9));
        Assert.That(found.Likeliest.Select(likely => likely.Id), Is.EqualTo(new[] { 1, 3, 2 }));
        Assert.That(found.Likeliest[2].LogProbability, Is.EqualTo(double.NegativeInfinity));
    }
}
