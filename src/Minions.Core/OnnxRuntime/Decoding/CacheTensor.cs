using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>The keys, or the values, of one layer: [1, heads, entries, head size].</summary>
internal sealed record CacheTensor(TensorElementType Type, int Heads, int HeadSize)
{
    /// <summary>The bytes of an entry of one head.</summary>
    public int BytesPerHead => ElementTypes.SizeOf(Type) * HeadSize;

    /// <summary>The bytes of an entry of all heads.</summary>
    public long BytesPerEntry => (long)BytesPerHead * Heads;

    /// <summary>Memory for a number of entries.</summary>
    public OrtValue Allocate(OrtAllocator allocator, int entries) => OrtValue.CreateAllocatedTensorValue(allocator, Type, [1, Heads, entries, HeadSize]);
}
