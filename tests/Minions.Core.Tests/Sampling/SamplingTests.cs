using CsCheck;
using Minions.Core.Sampling;

namespace Minions.Core.Tests.Sampling;

/// <summary>The choice is what the definition says, however few ids the search looks at.</summary>
public class SamplingTests
{
    private static readonly Gen<float[]> Rows = Gen.OneOf(
        Gen.Float[-20, 20].Array[1, 600],
        Gen.Int[-12, 12].Select(logit => logit / 4f).Array[1, 900],
        Gen.Int[-3, 0].Select(logit => (float)logit).Array[1, 2000],
        Gen.OneOf(Gen.Float[-8, 8], Gen.Const(-1e4f), Gen.Const(float.NegativeInfinity)).Array[1, 700].Where(row => row.Any(float.IsFinite)));

    private static readonly Gen<SamplingOptions> Options = Gen.Select(
        Gen.Double[0.05, 3],
        Gen.OneOf(Gen.Const(0), Gen.Int[1, 700]),
        Gen.OneOf(Gen.Const(1.0), Gen.Double[0.01, 0.999]),
        Gen.OneOf(Gen.Const(0.0), Gen.Double[0.001, 0.5]),
        Gen.ULong).Select((temperature, topK, topP, minP, seed) => new SamplingOptions
        {
            Temperature = temperature,
            TopK = topK,
            TopP = topP,
            MinP = minP,
            Seed = seed,
        });

    [Test]
    public void The_choice_is_the_largest_logit_over_temperature_plus_noise() => Gen.Select(Rows, Gen.Double[0.01, 4], Gen.ULong, Gen.Int[0, 40]).Sample(
        (row, temperature, seed, position) =>
        {
            int[] prefix = new int[position];
            var options = new SamplingOptions { Temperature = temperature, Seed = seed };
            Assert.That(
                TokenSelector.Create(options, 0).Select(position, prefix, row),
                Is.EqualTo(ReferenceDistribution.Choose(options, 0, prefix, row)));
        },
        iter: 3000);

    // The reference adds up doubles, the library whole numbers: ids within a hair of the border of top-p and min-p may fall to either side.
    [Test]
    public void Truncation_keeps_the_ids_that_its_definition_keeps() => Gen.Select(Rows, Options).Sample(
        (row, options) =>
        {
            SoftmaxWeight weight = new(row.Max(), options.Temperature);
            RowCut cut = Truncation.Of(options)?.Cut(Scan(row), weight) ?? RowCut.None;
            double[] expected = ReferenceDistribution.Of(options, 0, [], row);
            for (int id = 0; id < row.Length; id++)
            {
                if (expected[id] > 0 != cut.Keeps(row[id], id) && weight.Of(row[id]) > 20_000)
                    Assert.That(IsAtBorder(row, options), Is.True, $"id {id} of {row.Length}, expected {expected[id]}, cut {cut}, {options}");
            }
        },
        iter: 3000);

    [Test]
    public void The_probability_is_that_of_the_choice_in_what_truncation_left() => Gen.Select(Rows, Options).Sample(
        (row, options) =>
        {
            int choice = TokenSelector.Create(options, 0).Select(0, [], row, out float probability);
            if (!IsAtBorder(row, options))
                Assert.That(probability, Is.EqualTo(ReferenceDistribution.Of(options, 0, [], row)[choice]).Within(1e-4));
        },
        iter: 3000);

    [Test]
    public void Top_k_of_equal_logits_keeps_the_lowest_ids([Values(1, 7, 300, 999)] int k)
    {
        float[] row = new float[1000];
        var options = new SamplingOptions { Temperature = 1, TopK = k };
        RowCut cut = Truncation.Of(options)!.Cut(Scan(row), new SoftmaxWeight(0, 1));

        Assert.That(Enumerable.Range(0, row.Length).Where(id => cut.Keeps(0, id)), Is.EqualTo(Enumerable.Range(0, k)));
    }

    [Test]
    public void Temperature_0_does_not_depend_on_the_seed() => Gen.Select(Rows, Gen.ULong).Sample((row, seed) =>
        Assert.That(
            TokenSelector.Create(new SamplingOptions { Seed = seed, TopK = 3, TopP = 0.5 }, 0).Select(0, [], row),
            Is.EqualTo(TokenSelector.Greedy.Select(0, [], row))));

    [Test]
    public void Extreme_temperatures_choose_something_sensible([Values(double.Epsilon, 1e-300, 1e-30, 1e-6, 1e30, 1e300)] double temperature)
    {
        float[] row = [1, 3, 2.999f, float.NegativeInfinity, -1e4f];
        for (ulong seed = 0; seed < 50; seed++)
        {
            var options = new SamplingOptions { Temperature = temperature, TopK = 4, TopP = 0.9, MinP = 0.01, Seed = seed };
            int choice = TokenSelector.Create(options, 0).Select(0, [], row, out float probability);
            Assert.That(choice, temperature < 1e-5 ? Is.EqualTo(1) : Is.Not.EqualTo(3));
            Assert.That(probability, Is.GreaterThan(0).And.LessThanOrEqualTo(1));
        }
    }

    [Test]
    public void Weights_are_the_same_in_vectors_and_one_by_one() => Gen.Select(Rows, Gen.Double[0.01, 4]).Sample(
        (row, temperature) =>
        {
            SoftmaxWeight weight = new(row.Max(), temperature);
            float least = row[row.Length / 2];
            RowMeasure measure = RowMeasure.OfMass(Scan(row), weight, least);
            Assert.That(measure.Mass, Is.EqualTo(row.Where(logit => logit >= least).Sum(logit => (long)weight.Of(logit))));
            Assert.That(measure.Count, Is.EqualTo(row.Count(logit => logit >= least)).And.EqualTo(RowMeasure.OfCount(Scan(row), least).Count));
        },
        iter: 1000);

    [Test]
    public void Weights_are_the_softmax_to_some_millionths() => Gen.Select(Gen.Float[-25, 0], Gen.Double[0.1, 4]).Sample(
        (logit, temperature) =>
        {
            // The error of the arithmetic and that of rounding add up, so each is held to its own bound.
            var weight = new SoftmaxWeight(0, temperature);
            if (logit / temperature < -SoftmaxWeight.Horizon)
                Assert.That(weight.Of(logit), Is.Zero);
            else
                Assert.That(weight.Unrounded(logit), Is.EqualTo(Math.Exp(logit / temperature) * SoftmaxWeight.OfLargest).Within(6e-4).Percent);

            // From 2^23 on a float has no halves left, and the rounding is that of the float.
            Assert.That(weight.Of(logit), Is.EqualTo(weight.Unrounded(logit)).Within(0.5).Or.EqualTo(weight.Unrounded(logit)).Within(1.2e-5).Percent);
        },
        iter: 50_000);

    private static LogitsRow Scan(float[] row) => LogitsRow.Scan(row, new float[LogitsRow.PeaksOf(row.Length)]);

    private static bool IsAtBorder(float[] row, SamplingOptions options)
    {
        const double Hair = 3e-5;
        return new[] { -Hair, Hair }.Any(hair => Kept(options with { TopP = Math.Clamp(options.TopP + (options.TopP < 1 ? hair : 0), 1e-9, 1), MinP = options.MinP * (1 + hair) }) != Kept(options));

        int Kept(SamplingOptions moved) => ReferenceDistribution.Of(moved, 0, [], row).Count(probability => probability > 0);
    }
}
