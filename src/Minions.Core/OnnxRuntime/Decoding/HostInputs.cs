using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>Ids, mask and positions of one run of a graph whose inputs change their shape with every run.</summary>
internal sealed class HostInputs : IDisposable
{
    private readonly List<(string Name, NativeBuffer Memory, OrtValue Value)> _inputs = [];

    public HostInputs(OnnxDecoder decoder, ReadOnlySpan<int> ids, int start)
    {
        DecoderSignature signature = decoder.Signature;
        int rows = ids.Length;
        HostTensors.Write(Add(decoder.Folder.Names.InputIds, signature.IdType, rows), signature.IdType, ids);
        if (signature.PositionType is { } positions)
            HostTensors.WriteRange(Add(decoder.Folder.Names.PositionIds, positions, rows), positions, start, rows);
        if (signature.MaskType is { } mask)
            HostTensors.WriteOnes(Add(decoder.Folder.Names.AttentionMask, mask, start + rows), mask, start + rows);
    }

    public void Bind(OrtIoBinding binding)
    {
        foreach ((string name, _, OrtValue value) in _inputs)
            binding.BindInput(name, value);
    }

    public void Dispose()
    {
        foreach ((_, NativeBuffer memory, OrtValue value) in _inputs)
        {
            value.Dispose();
            memory.Dispose();
        }
    }

    private NativeBuffer Add(string name, TensorElementType type, int length)
    {
        int element = ElementTypes.SizeOf(type);
        var memory = new NativeBuffer((long)length * element);
        _inputs.Add((name, memory, memory.AsTensor(type, [1, length], element)));
        return memory;
    }
}
