using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>The host memory from which a run of several texts reads the number of rows and the length of each.</summary>
internal sealed class PackedLengths : IDisposable
{
    private readonly NativeBuffer _widths;
    private readonly NativeBuffer _seqLens;
    private readonly NativeBuffer _totals;
    private readonly List<(string Name, OrtValue Value)> _tensors = [];

    public PackedLengths(int slots)
    {
        _widths = new NativeBuffer(slots * sizeof(long));
        _seqLens = new NativeBuffer(slots * sizeof(int));
        _totals = new NativeBuffer(slots * sizeof(int));
        _tensors.Add((SlotNames.Lengths, _widths.AsTensor(TensorElementType.Int64, [slots], sizeof(long))));
        for (int slot = 0; slot < slots; slot++)
        {
            _tensors.Add((SlotNames.SeqLens(slot), _seqLens.AsTensor(TensorElementType.Int32, [1], sizeof(int), slot)));
            _tensors.Add((SlotNames.Total(slot), _totals.AsTensor(TensorElementType.Int32, [1], sizeof(int), slot)));
        }
    }

    public void Bind(OrtIoBinding binding)
    {
        foreach ((string name, OrtValue value) in _tensors)
            binding.BindInput(name, value);
    }

    public void Write(int slot, RowChunk chunk)
    {
        _widths.AsSpan<long>()[slot] = chunk.Width;
        _seqLens.AsSpan<int>()[slot] = chunk.End - 1;
        _totals.AsSpan<int>()[slot] = chunk.End;
    }

    public void Dispose()
    {
        foreach ((_, OrtValue value) in _tensors)
            value.Dispose();
        _widths.Dispose();
        _seqLens.Dispose();
        _totals.Dispose();
    }
}
