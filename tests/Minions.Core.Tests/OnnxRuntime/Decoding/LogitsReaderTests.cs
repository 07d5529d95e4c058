using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.Tests.OnnxRuntime.Decoding;

/// <summary>Narrow logits are widened to the number that they are, in the row that is asked for.</summary>
public sealed class LogitsReaderTests
{
    private const int Width = 256;

    [TestCase(TensorElementType.Float16)]
    [TestCase(TensorElementType.BFloat16)]
    public void Every_narrow_number_is_read_as_itself(TensorElementType type)
    {
        // Rows of all bits that there are.
        byte[] logits = [.. Enumerable.Range(0, ushort.MaxValue + 1).SelectMany(bits => BitConverter.GetBytes((ushort)bits))];
        LogitsReader reader = Reader(type);

        for (int row = 0; row < Width; row++)
        {
            ReadOnlySpan<float> read = reader.Read(logits, row);
            for (int column = 0; column < Width; column++)
            {
                ushort bits = (ushort)((row * Width) + column);
                float expected = type == TensorElementType.Float16 ? (float)BitConverter.UInt16BitsToHalf(bits) : BitConverter.UInt32BitsToSingle((uint)bits << 16);
                Assert.That(BitConverter.SingleToUInt32Bits(read[column]), Is.EqualTo(BitConverter.SingleToUInt32Bits(expected)), $"{bits:x4}");
            }
        }
    }

    [Test]
    public void Wide_logits_are_read_where_they_lie()
    {
        float[] logits = [.. Enumerable.Range(0, 3 * Width).Select(i => i * 0.5f)];

        ReadOnlySpan<float> read = Reader(TensorElementType.Float).Read(System.Runtime.InteropServices.MemoryMarshal.AsBytes(logits.AsSpan()), 2);

        Assert.That(read == logits.AsSpan(2 * Width, Width), Is.True);
    }

    private static LogitsReader Reader(TensorElementType type) =>
        new(new DecoderSignature { IdType = TensorElementType.Int64, LogitsType = type, LogitsWidth = Width, Past = [], Caches = [], Present = [] });
}
