using CsCheck;
using Minions.Core.Sampling;

namespace Minions.Core.Tests.Sampling;

public class RowProbabilityTests
{
    [Test]
    public void It_is_the_softmax() =>
        Gen.Select(Gen.Float[-30, 30].Array[1, 700], Gen.Int[0, 699]).Sample((logits, at) =>
        {
            int id = at % logits.Length;
            double mass = logits.Sum(logit => Math.Exp(logit - (double)logits[id]));
            Assert.That(RowProbability.Of(id, logits), Is.EqualTo(1 / mass).Within(1e-4));
        });

    [Test]
    public void What_the_row_does_not_know_is_impossible()
    {
        Assert.That(RowProbability.Of(2, [1, 2]), Is.Zero);
        Assert.That(RowProbability.Of(-1, [1, 2]), Is.Zero);
        Assert.That(RowProbability.Of(0, [1, float.NaN]), Is.Zero);
        Assert.That(RowProbability.Of(1, [0, -1e4f]), Is.Zero);
    }
}
