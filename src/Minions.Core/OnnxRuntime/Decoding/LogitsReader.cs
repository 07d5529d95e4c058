using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>Reads single rows of logits where they lie; half-precision ones are widened, so only rows that are read cost anything.</summary>
internal sealed class LogitsReader(DecoderSignature signature)
{
    private readonly float[] _widened = signature.LogitsType == TensorElementType.Float ? [] : new float[signature.VocabularySize];

    /// <summary>One row as float32. Valid until the next call or run.</summary>
    public ReadOnlySpan<float> Read(ReadOnlySpan<byte> logits, int row)
    {
        int vocabulary = signature.VocabularySize;
        if (signature.LogitsType == TensorElementType.Float)
            return MemoryMarshal.Cast<byte, float>(logits).Slice(row * vocabulary, vocabulary);

        ReadOnlySpan<ushort> narrow = MemoryMarshal.Cast<byte, ushort>(logits).Slice(row * vocabulary, vocabulary);
        if (signature.LogitsType == TensorElementType.Float16)
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<ushort, Half>(narrow), _widened);
        }
        else
        {
            for (int i = 0; i < vocabulary; i++)
                _widened[i] = BitConverter.UInt32BitsToSingle((uint)narrow[i] << 16);
        }

        return _widened;
    }
}
