using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// A tensor of a graph with a row of real numbers for each id of a run, [1, rows, width]: states that a target gives, or that a head takes and gives.
/// </summary>
/// <param name="Name">The input's or output's name.</param>
/// <param name="Type">float32, float16 or bfloat16.</param>
/// <param name="Width">The numbers of a row.</param>
internal readonly record struct RowTensor(string Name, TensorElementType Type, int Width)
{
    public int ElementSize => ElementTypes.SizeOf(Type);

    public int BytesPerRow => Width * ElementSize;

    /// <summary>Memory for some rows.</summary>
    public NativeBuffer Allocate(int rows) => new((long)rows * BytesPerRow);

    /// <summary>The tensor of a run over the first rows of memory.</summary>
    public OrtValue Over(NativeBuffer memory, int rows) => memory.AsTensor(Type, [1, rows, Width], ElementSize);

    /// <summary>Reads numbers as float32.</summary>
    /// <param name="source">The numbers as the graph wrote them.</param>
    /// <param name="destination">As many floats.</param>
    public void Read(ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (Type == TensorElementType.Float)
        {
            MemoryMarshal.Cast<byte, float>(source).CopyTo(destination);
            return;
        }

        ReadOnlySpan<ushort> narrow = MemoryMarshal.Cast<byte, ushort>(source);
        if (Type == TensorElementType.Float16)
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<ushort, Half>(narrow), destination);
            return;
        }

        for (int i = 0; i < narrow.Length; i++)
            destination[i] = BitConverter.UInt32BitsToSingle((uint)narrow[i] << 16);
    }

    /// <summary>Writes numbers as the graph reads them; narrower ones are rounded to the nearest.</summary>
    public void Write(ReadOnlySpan<float> source, Span<byte> destination)
    {
        if (Type == TensorElementType.Float)
        {
            source.CopyTo(MemoryMarshal.Cast<byte, float>(destination));
            return;
        }

        Span<ushort> narrow = MemoryMarshal.Cast<byte, ushort>(destination);
        if (Type == TensorElementType.Float16)
        {
            TensorPrimitives.ConvertToHalf(source, MemoryMarshal.Cast<ushort, Half>(narrow));
            return;
        }

        for (int i = 0; i < source.Length; i++)
            narrow[i] = ToBFloat16(source[i]);
    }

    // Half of what is cut off rounds up, and to even where it is exactly half; what is no number stays none.
    private static ushort ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
