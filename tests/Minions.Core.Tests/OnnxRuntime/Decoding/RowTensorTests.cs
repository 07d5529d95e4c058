using CsCheck;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.Tests.OnnxRuntime.Decoding;

/// <summary>Numbers that go into a graph and come out of it: narrow ones are the nearest, and keep what they are when they are widened.</summary>
public sealed class RowTensorTests
{
    private const TensorElementType Half16 = TensorElementType.Float16;
    private const TensorElementType Brain16 = TensorElementType.BFloat16;

    [TestCase(Half16)]
    [TestCase(Brain16)]
    public void Every_narrow_number_survives_being_widened_and_narrowed(TensorElementType type)
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float wide = Read(type, (ushort)bits);
            if (float.IsNaN(wide))
                Assert.That(float.IsNaN(Read(type, Write(type, wide))), $"{bits:x4} stays no number");
            else
                Assert.That(Write(type, wide), Is.EqualTo((ushort)bits), $"{bits:x4}");
        }
    }

    [TestCase(Half16)]
    [TestCase(Brain16)]
    public void No_narrow_number_is_nearer_than_the_one_written_and_ties_are_even(TensorElementType type)
    {
        // Any bits: denormals, infinities and what is no number among them.
        Gen.UInt.Sample(
            bits =>
            {
                float number = BitConverter.UInt32BitsToSingle(bits);
                ushort written = Write(type, number);
                double own = Read(type, written);
                if (float.IsNaN(number))
                    return double.IsNaN(own);
                if (double.IsInfinity(own))
                    return float.IsInfinity(number) || Math.Abs((double)number) >= Middle(type, Largest(type));

                foreach (int step in new[] { -1, 1 })
                {
                    double other = Read(type, (ushort)(written + step));
                    double nearness = Math.Abs(other - number) - Math.Abs(own - number);
                    if (double.IsFinite(other) && other != own && (nearness < 0 || (nearness == 0 && written % 2 != 0)))
                        return false;
                }

                return true;
            },
            iter: 20_000);
    }

    [TestCase(Half16, 1f, 0x3C00)]
    [TestCase(Half16, 1f + 1f / 2048, 0x3C00)]
    [TestCase(Half16, 1f + 3f / 2048, 0x3C02)]
    [TestCase(Half16, 65519f, 0x7BFF)]
    [TestCase(Half16, 65520f, 0x7C00)]
    [TestCase(Half16, 5.9604645e-8f, 0x0001)]
    [TestCase(Half16, 2.9802322e-8f, 0x0000)]
    [TestCase(Half16, -0f, 0x8000)]
    [TestCase(Half16, float.NegativeInfinity, 0xFC00)]
    [TestCase(Brain16, 1f, 0x3F80)]
    [TestCase(Brain16, 1f + 1f / 256, 0x3F80)]
    [TestCase(Brain16, 1f + 3f / 256, 0x3F82)]
    [TestCase(Brain16, float.MaxValue, 0x7F80)]
    [TestCase(Brain16, float.Epsilon, 0x0000)]
    [TestCase(Brain16, -0f, 0x8000)]
    [TestCase(Brain16, float.NegativeInfinity, 0xFF80)]
    public void Known_numbers_have_known_bits(TensorElementType type, float number, int bits) => Assert.That(Write(type, number), Is.EqualTo((ushort)bits));

    [Test]
    public void What_is_no_number_stays_none_whatever_its_bits()
    {
        foreach (uint bits in new[] { 0x7F800001u, 0xFF800001u, 0x7FFFFFFFu, 0xFFFFFFFFu, 0x7FC00000u })
        {
            foreach (TensorElementType type in new[] { Half16, Brain16, TensorElementType.Float })
                Assert.That(RoundTrip(type, BitConverter.UInt32BitsToSingle(bits)), Is.NaN, $"{bits:x8} as {type}");
        }
    }

    [Test]
    public void Wide_numbers_keep_every_bit() => Gen.UInt.Sample(
        bits => BitConverter.SingleToUInt32Bits(RoundTrip(TensorElementType.Float, BitConverter.UInt32BitsToSingle(bits))) == bits, iter: 2_000);

    private static ushort Largest(TensorElementType type) => (ushort)(type == Half16 ? 0x7BFF : 0x7F7F);

    // Half a step beyond a number; from there on it is rounded to the next.
    private static double Middle(TensorElementType type, ushort bits) => Read(type, bits) + (((double)Read(type, bits) - Read(type, (ushort)(bits - 1))) / 2);

    private static float RoundTrip(TensorElementType type, float number)
    {
        var row = new RowTensor("row", type, 1);
        byte[] memory = new byte[row.BytesPerRow];
        float[] read = new float[1];
        row.Write([number], memory);
        row.Read(memory, read);
        return read[0];
    }

    private static ushort Write(TensorElementType type, float number)
    {
        byte[] memory = new byte[2];
        new RowTensor("row", type, 1).Write([number], memory);
        return BitConverter.ToUInt16(memory);
    }

    private static float Read(TensorElementType type, ushort bits)
    {
        float[] number = new float[1];
        new RowTensor("row", type, 1).Read(BitConverter.GetBytes(bits), number);
        return number[0];
    }
}
