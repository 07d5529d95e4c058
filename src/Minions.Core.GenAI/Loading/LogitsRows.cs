using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntimeGenAI;
using Tensor = Microsoft.ML.OnnxRuntimeGenAI.Tensor;

namespace Minions.Core.GenAI.Loading;

/// <summary>The logits of one run, widened to single precision row by row. Valid until it is disposed.</summary>
internal sealed class LogitsRows : IDisposable
{
    // ONNX Runtime's number, which the enumeration of GenAI lacks.
    private const ElementType BFloat16 = (ElementType)16;

    private readonly Tensor _tensor;
    private readonly ElementType _type;
    private readonly float[] _widened;

    /// <exception cref="ModelRunException">They are not of the form that logits have.</exception>
    public LogitsRows(Tensor tensor, GenAIModel model)
    {
        _tensor = tensor;
        try
        {
            _type = tensor.Type();
            long[] shape = tensor.Shape();
            if (shape.Length != 3 || shape[0] != 1 || _type is not (ElementType.float32 or ElementType.float16 or BFloat16))
                throw new ModelRunException($"The output '{model.Configuration.LogitsName}' of '{model.Folder}' is {_type} [{string.Join(", ", shape)}], where float32, float16 or bfloat16 [1, rows, vocabulary] is expected.");
            (Count, Width) = ((int)shape[1], (int)shape[2]);
            _widened = _type == ElementType.float32 ? [] : new float[Width];
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>The logits of a row.</summary>
    public int Width { get; }

    /// <summary>A row. Where logits have half precision, valid until the next one is asked for.</summary>
    public ReadOnlySpan<float> this[int row]
    {
        get
        {
            if (_type == ElementType.float32)
                return _tensor.GetData<float>().Slice(row * Width, Width);
            if (_type == ElementType.float16)
                TensorPrimitives.ConvertToSingle(_tensor.GetData<Half>().Slice(row * Width, Width), _widened);
            else
                Widen(_tensor.GetData<ushort>().Slice(row * Width, Width), _widened);
            return _widened;
        }
    }

    /// <summary>The same but for the last row.</summary>
    public LogitsRows WithoutLast()
    {
        Count--;
        return this;
    }

    public void Dispose() => _tensor.Dispose();

    // The upper half of a single's bits.
    internal static void Widen(ReadOnlySpan<ushort> halves, Span<float> singles)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(singles);
        for (int i = 0; i < halves.Length; i++)
            bits[i] = (uint)halves[i] << 16;
    }
}
