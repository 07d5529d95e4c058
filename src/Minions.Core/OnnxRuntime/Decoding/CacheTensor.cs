using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>The keys, or the values, of one layer.</summary>
/// <param name="Type">The type of its elements.</param>
/// <param name="Heads">The parts that are contiguous each: 1 where an entry holds all heads side by side.</param>
/// <param name="HeadSize">The elements of an entry of such a part.</param>
/// <param name="IsFlat">Whether the shape is [1, entries, head size]; otherwise [1, heads, entries, head size].</param>
/// <param name="IsOnHost">Whether attention reads and writes it in the host's memory: on the CPU always, on a device where attention has no kernel for it.</param>
internal sealed record CacheTensor(TensorElementType Type, int Heads, int HeadSize, bool IsFlat = false, bool IsOnHost = true)
{
    /// <summary>The bytes of an entry of one head.</summary>
    public int BytesPerHead => ElementTypes.SizeOf(Type) * HeadSize;

    /// <summary>The bytes of an entry of all heads.</summary>
    public long BytesPerEntry => (long)BytesPerHead * Heads;

    /// <summary>Memory for a number of entries, where attention wants it.</summary>
    /// <param name="ofDevice">Memory of the device that the model runs on.</param>
    /// <param name="entries">The entries.</param>
    public OrtValue Allocate(OrtAllocator ofDevice, int entries)
    {
        OrtValue memory = OrtValue.CreateAllocatedTensorValue(IsOnHost ? OrtAllocator.DefaultInstance : ofDevice, Type, IsFlat ? [1, entries, HeadSize] : [1, Heads, entries, HeadSize]);

        // ONNX's own attention gives entries that nobody wrote the weight 0, and 0 times what may lie in fresh memory need not be 0.
        if (IsFlat && IsOnHost)
            memory.GetTensorMutableRawData().Clear();
        return memory;
    }

    /// <summary>The memory that such tensors lie in.</summary>
    /// <param name="ofDevice">Memory of the device that the model runs on.</param>
    public OrtMemoryInfo MemoryInfo(OrtAllocator ofDevice) => IsOnHost ? OrtMemoryInfo.DefaultInstance : ofDevice.Info;
}
