using Microsoft.ML.OnnxRuntime.Tensors;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>Writes whole numbers into memory that a graph reads as int64 or int32.</summary>
internal static class HostTensors
{
    /// <summary>Writes values from element <paramref name="at"/> on.</summary>
    public static void Write(NativeBuffer memory, TensorElementType type, ReadOnlySpan<int> values, int at = 0)
    {
        if (type == TensorElementType.Int32)
        {
            values.CopyTo(memory.AsSpan<int>()[at..]);
            return;
        }

        Span<long> wide = memory.AsSpan<long>()[at..];
        for (int i = 0; i < values.Length; i++)
            wide[i] = values[i];
    }

    /// <summary>Writes <paramref name="start"/>, <paramref name="start"/> + 1, and so on, from element <paramref name="at"/> on.</summary>
    public static void WriteRange(NativeBuffer memory, TensorElementType type, int start, int count, int at = 0)
    {
        if (type == TensorElementType.Int32)
        {
            Span<int> narrow = memory.AsSpan<int>()[at..];
            for (int i = 0; i < count; i++)
                narrow[i] = start + i;
            return;
        }

        Span<long> wide = memory.AsSpan<long>()[at..];
        for (int i = 0; i < count; i++)
            wide[i] = start + i;
    }

    /// <summary>Has rows of real numbers written from row <paramref name="at"/> on, zeros where nobody gives any.</summary>
    public static void WriteRows(in RowTensor tensor, NativeBuffer memory, int at, int input, int start, int rows, IRowInputs? source)
    {
        Span<byte> span = memory.AsSpan<byte>().Slice(at * tensor.BytesPerRow, rows * tensor.BytesPerRow);
        if (source is null)
            span.Clear();
        else
            source.Write(input, start, rows, span);
    }

    public static void WriteOnes(NativeBuffer memory, TensorElementType type, int count)
    {
        if (type == TensorElementType.Int32)
            memory.AsSpan<int>()[..count].Fill(1);
        else
            memory.AsSpan<long>()[..count].Fill(1);
    }
}
