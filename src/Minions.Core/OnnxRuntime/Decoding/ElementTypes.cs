using Microsoft.ML.OnnxRuntime.Tensors;

namespace Minions.Core.OnnxRuntime.Decoding;

internal static class ElementTypes
{
    /// <summary>The bytes of an element of the types that decoders use for ids, caches and logits.</summary>
    public static int SizeOf(TensorElementType type) => type switch
    {
        TensorElementType.Int64 => sizeof(long),
        TensorElementType.Int32 or TensorElementType.Float => sizeof(float),
        TensorElementType.Bool => sizeof(bool),
        TensorElementType.Float16 or TensorElementType.BFloat16 => sizeof(ushort),
        _ => throw new NotSupportedException($"Tensors of type {type} are not supported."),
    };
}
