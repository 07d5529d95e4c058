using CsCheck;
using Minions.Core.Sampling;

namespace Minions.Core.Tests.Sampling;

public class TokenSelectorTests
{
    private static readonly int[] Prefix = [1, 2];

    private static readonly Gen<float[]> Logits = Gen.Float[-40, 40].Array[1, 300];

    [Test]
    public void Greedy_takes_the_largest_logit_and_tells_its_softmax() => Logits.Sample(logits =>
    {
        int choice = TokenSelector.Greedy.Select(2, Prefix, logits, out float probability);
        double sum = logits.Sum(logit => Math.Exp(logit - (double)logits.Max()));

        Assert.That(choice, Is.EqualTo(Array.IndexOf(logits, logits.Max())));
        Assert.That(probability, Is.EqualTo(1 / sum).Within(1e-4));
    });

    [TestCase(new float[] { 1, 5, 5, 0 }, 1)]
    [TestCase(new float[] { -1e4f, -1e4f }, 0)]
    [TestCase(new float[] { float.NegativeInfinity, 3 }, 1)]
    public void Of_equal_logits_the_lowest_id_is_taken(float[] logits, int expected) =>
        Assert.That(TokenSelector.Greedy.Select(2, Prefix, logits), Is.EqualTo(expected));

    [Test]
    public void A_drawn_seed_fits_where_seeds_are_signed()
    {
        ulong[] seeds = [.. Enumerable.Range(0, 64).Select(_ => TokenSelector.Create(new SamplingOptions { Temperature = 1 }, 0).Seed!.Value)];

        Assert.That(seeds, Is.Unique.And.All.LessThanOrEqualTo((ulong)long.MaxValue));
    }

    [Test]
    public void Unusable_rows_are_refused()
    {
        Assert.That(() => TokenSelector.Greedy.Select(2, Prefix, []), Throws.ArgumentException.With.Message.Contains("empty"));
        Assert.That(() => TokenSelector.Greedy.Select(2, Prefix, [1, float.NaN, 2]), Throws.ArgumentException.With.Message.Contains("not a number"));
        Assert.That(() => TokenSelector.Greedy.Select(3, Prefix, [1, 2]), Throws.ArgumentException.With.Message.Contains("stands at 3"));
    }
}
