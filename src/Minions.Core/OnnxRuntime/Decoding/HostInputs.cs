using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>Ids, mask and positions of one run of a graph whose inputs change their shape with every run.</summary>
internal sealed class HostInputs : IDisposable
{
    private readonly List<(string Name, NativeBuffer Memory, OrtValue Value)> _inputs = [];

    public HostInputs(OnnxDecoder decoder, ReadOnlySpan<int> ids, int start, bool usesLongFactors, IRowInputs? rowInputs)
    {
        DecoderSignature signature = decoder.Signature;
        int rows = ids.Length;
        if (signature.IdType is { } idType)
            HostTensors.Write(Add(decoder.Folder.Names.InputIds, idType, [1, rows]), idType, ids);
        for (int i = 0; i < signature.RowInputs.Count; i++)
        {
            RowTensor tensor = signature.RowInputs[i];
            HostTensors.WriteRows(tensor, Add(tensor.Name, tensor.Type, [1, rows, tensor.Width]), 0, i, start, rows, rowInputs);
        }

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
        var memory = new NativeBuffer(shape.Aggregate((long)element, (product, dimension) => product * dimension));
        _inputs.Add((name, memory, memory.AsTensor(type, shape, element)));
        return memory;
    }
}
