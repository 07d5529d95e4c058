using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>Ids, mask and positions of one run of a graph whose inputs change their shape with every run.</summary>
internal sealed class HostInputs : IDisposable
{
    private readonly List<(string Name, NativeBuffer Memory, OrtValue Value)> _inputs = [];

    public HostInputs(OnnxDecoder decoder, ReadOnlySpan<int> ids, int start, bool usesLongFactors)
    {
        DecoderSignature signature = decoder.Signature;
        int rows = ids.Length;
        HostTensors.Write(Add(decoder.Folder.Names.InputIds, signature.IdType, [1, rows]), signature.IdType, ids);
        if (signature.PositionType is { } positions)
            HostTensors.WriteRange(Add(decoder.Folder.Names.PositionIds, positions, [1, rows]), positions, start, rows);
        if (signature.MaskType is { } mask)
            HostTensors.WriteOnes(Add(decoder.Folder.Names.AttentionMask, mask, [1, start + rows]), mask, start + rows);
        if (signature.Factors is { } factors)
            Add(FactorSwitch.Input, TensorElementType.Bool, [1]).AsSpan<bool>()[0] = factors.ConditionFor(usesLongFactors);
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

    private NativeBuffer Add(string name, TensorElementType type, long[] shape)
    {
        int element = ElementTypes.SizeOf(type);
        var memory = new NativeBuffer(shape[^1] * element);
        _inputs.Add((name, memory, memory.AsTensor(type, shape, element)));
        return memory;
    }
}
