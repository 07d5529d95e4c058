using System.Numerics;
using CsCheck;
using Minions.Core.Sampling;

namespace Minions.Core.Tests.Sampling;

/// <summary>The noise decides texts, so it may never change: not between versions, not between processors.</summary>
public class GumbelNoiseTests
{
    [TestCase(0UL, 0, 0, 0x3FC0_6A28_7276_880CUL, 0xBFE7_07EE_5598_F7ABUL)]
    [TestCase(0UL, 0, 1, 0x3FC2_A45B_5DAE_DAFCUL, 0xBFE4_FC02_E0FB_D055UL)]
    [TestCase(0UL, 1, 0, 0x3FE3_E76B_88F0_6527UL, 0x3FE7_D5A1_8944_B2ACUL)]
    [TestCase(1UL, 0, 0, 0x3FE1_5384_BC59_4E95UL, 0x3FDF_4473_831A_D455UL)]
    [TestCase(42UL, 17, 49_151, 0x3FEE_8299_5186_2B69UL, 0x4008_58B7_3F60_EBB6UL)]
    [TestCase(0xFFFF_FFFF_FFFF_FFFFUL, 131_071, 151_935, 0x3FE9_1831_84E7_27B7UL, 0x3FF6_A11E_BC9B_6C41UL)]
    public void Bits_are_pinned(ulong seed, int position, int token, ulong uniform, ulong noise)
    {
        var made = new GumbelNoise(seed, position);

        Assert.That(
            (BitConverter.DoubleToUInt64Bits(made.Uniform(token)), BitConverter.DoubleToUInt64Bits(made.Of(token))),
            Is.EqualTo((uniform, noise)));
    }

    [Test]
    public void Vectors_give_the_bits_of_one_by_one() => Gen.Select(Gen.ULong, Gen.Int[0, 1 << 20], Gen.UInt).Sample(
        (seed, position, token) =>
        {
            var noise = new GumbelNoise(seed, position);
            Vector<uint> tokens = Vector<uint>.Indices + new Vector<uint>(token);
            Vector<uint> leading = noise.Leading(tokens);
            for (int lane = 0; lane < Vector<uint>.Count; lane++)
                Assert.That(leading[lane], Is.EqualTo(noise.Leading(tokens[lane])));
        },
        iter: 10_000);

    [Test]
    public void Uniform_numbers_are_odd_multiples_of_two_to_the_minus_53_inside_of_0_and_1() => Gen.Select(Gen.ULong, Gen.Int[0, 1 << 20], Gen.Int[0, 1 << 18]).Sample(
        (seed, position, token) =>
        {
            double scaled = new GumbelNoise(seed, position).Uniform(token) * (1L << 53);
            Assert.That(scaled, Is.InRange(1.0, (1L << 53) - 1.0));
            Assert.That((long)scaled, Is.EqualTo(scaled));
            Assert.That((long)scaled & 1, Is.EqualTo(1));
        },
        iter: 10_000);

    [Test]
    public void No_noise_exceeds_the_largest()
    {
        const double ClosestToOne = 1 - 1.0 / (1L << 53);
        Assert.That(-NaturalLogarithm.Of(-NaturalLogarithm.Of(ClosestToOne)), Is.EqualTo(GumbelNoise.Largest).Within(1e-4).And.LessThanOrEqualTo(GumbelNoise.Largest));
    }

    // Chi-square over 256 equal cells, 255 degrees of freedom: above 341 in one of 4,000 draws. The draws are fixed.
    [TestCase("tokens of one row")]
    [TestCase("positions of one token")]
    [TestCase("seeds of one token")]
    [TestCase("neighbouring tokens, two by two")]
    [TestCase("neighbouring positions, two by two")]
    [TestCase("neighbouring seeds, two by two")]
    [TestCase("trailing bits")]
    public void Uniform_numbers_fill_0_to_1_evenly(string over)
    {
        const int Draws = 1 << 18;
        int[] cells = new int[256];
        for (int i = 0; i < Draws; i++)
            cells[Cell(over, i)]++;

        double expected = Draws / 256.0;
        Assert.That(cells.Sum(count => (count - expected) * (count - expected) / expected), Is.LessThan(341));
    }

    [Test]
    public void Noise_has_the_Gumbel_distribution()
    {
        const int Draws = 200_000;
        double[] sorted = [.. Enumerable.Range(0, Draws).Select(i => new GumbelNoise(7, i / 1000).Of(i % 1000)).Order()];

        // Kolmogorov-Smirnov: 1.95 / sqrt(n) is exceeded in one of 1,000 draws. The draws are fixed.
        double distance = sorted.Select((noise, i) => Math.Abs(Math.Exp(-Math.Exp(-noise)) - (i + 0.5) / Draws)).Max();
        Assert.That(distance, Is.LessThan(1.95 / Math.Sqrt(Draws)));
    }

    private static int Cell(string over, int i) => over switch
    {
        "tokens of one row" => Part(Uniform(1, 2, i), 256),
        "positions of one token" => Part(Uniform(1, i, 3), 256),
        "seeds of one token" => Part(Uniform((ulong)i, 2, 3), 256),
        "neighbouring tokens, two by two" => Pair(Uniform(1, 2, i), Uniform(1, 2, i + 1)),
        "neighbouring positions, two by two" => Pair(Uniform(1, i, 3), Uniform(1, i + 1, 3)),
        "neighbouring seeds, two by two" => Pair(Uniform((ulong)i, 2, 3), Uniform((ulong)i + 1, 2, 3)),
        "trailing bits" => (int)((long)(Uniform(1, 2, i) * (1L << 53)) >> 1 & 255),
        _ => throw new ArgumentOutOfRangeException(nameof(over)),
    };

    private static double Uniform(ulong seed, int position, int token) => new GumbelNoise(seed, position).Uniform(token);

    private static int Part(double uniform, int parts) => (int)(uniform * parts);

    private static int Pair(double first, double second) => Part(first, 16) * 16 + Part(second, 16);
}
