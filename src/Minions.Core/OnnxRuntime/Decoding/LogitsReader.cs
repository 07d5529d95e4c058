using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// Reads single rows of logits where they lie; half-precision ones are widened and those of a reduced vocabulary spread, so only rows that
/// are read cost anything.
/// </summary>
internal sealed class LogitsReader(DecoderSignature signature)
{
    private readonly float[] _widened = signature.LogitsType == TensorElementType.Float ? [] : new float[signature.LogitsWidth];
    private readonly float[] _spread = signature.Vocabulary?.OpenRow() ?? [];

    /// <summary>One row as float32. Valid until the next call or run.</summary>
    public ReadOnlySpan<float> Read(ReadOnlySpan<byte> logits, int row)
    {
        ReadOnlySpan<float> columns = ReadColumns(logits, row);
        return signature.Vocabulary is { } vocabulary ? Spread(vocabulary, columns) : columns;
    }

    /// <summary>One row as the graph wrote it, as float32. Valid until the next call or run.</summary>
    public ReadOnlySpan<float> ReadColumns(ReadOnlySpan<byte> logits, int row)
    {
        int width = signature.LogitsWidth;
        if (signature.LogitsType == TensorElementType.Float)
            return MemoryMarshal.Cast<byte, float>(logits).Slice(row * width, width);

        ReadOnlySpan<ushort> narrow = MemoryMarshal.Cast<byte, ushort>(logits).Slice(row * width, width);
        if (signature.LogitsType == TensorElementType.Float16)
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<ushort, Half>(narrow), _widened);
        }
        else
        {
            for (int i = 0; i < width; i++)
                _widened[i] = BitConverter.UInt32BitsToSingle((uint)narrow[i] << 16);
        }

        return _widened;
    }

    private ReadOnlySpan<float> Spread(ReducedVocabulary vocabulary, ReadOnlySpan<float> columns)
    {
        vocabulary.Spread(columns, _spread);
        return _spread;
    }
}
