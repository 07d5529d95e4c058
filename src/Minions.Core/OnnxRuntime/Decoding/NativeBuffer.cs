using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// A block of host memory that several tensors of different shape lie on, so that inputs and logits of every width share one place. Pages
/// that are never written cost nothing.
/// </summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private void* _memory;

    public NativeBuffer(long bytes)
    {
        Bytes = bytes;
        _memory = NativeMemory.AlignedAlloc((nuint)bytes, 64);
        GC.AddMemoryPressure(bytes);
    }

    ~NativeBuffer() => Free();

    public long Bytes { get; }

    /// <summary>The block seen as elements of a type. Valid until disposal.</summary>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_memory is null, this);
        return new Span<T>(_memory, checked((int)(Bytes / sizeof(T))));
    }

    /// <summary>A tensor over the block from an element on. It must be disposed before the block.</summary>
    public OrtValue AsTensor(TensorElementType type, long[] shape, int elementSize, int at = 0)
    {
        ObjectDisposedException.ThrowIf(_memory is null, this);
        long bytes = shape.Aggregate((long)elementSize, (product, dimension) => product * dimension);
        long offset = (long)at * elementSize;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + bytes, Bytes);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, (nint)_memory + (nint)offset, bytes);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_memory is null)
            return;

        NativeMemory.AlignedFree(_memory);
        _memory = null;
        GC.RemoveMemoryPressure(Bytes);
    }
}
