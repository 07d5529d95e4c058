using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>The host memory that runs of several texts read ids and lengths from and write logits to.</summary>
internal sealed class PackedMemory : IDisposable
{
    // Verifications of all slots fit; runs with prompts in them make room when they come.
    private const int FirstRows = 64;

    private readonly OnnxDecoder _decoder;
    private readonly DecoderSignature _signature;
    private readonly NativeBuffer _widths;
    private readonly NativeBuffer _seqLens;
    private readonly NativeBuffer _totals;
    private readonly List<(string Name, OrtValue Value)> _lengths = [];
    private readonly Dictionary<int, RowTensors> _tensors = [];
    private NativeBuffer _ids;
    private NativeBuffer _positions;
    private NativeBuffer _logits;
    private int _rows = FirstRows;

    public PackedMemory(OnnxDecoder decoder, int slots)
    {
        _decoder = decoder;
        _signature = decoder.Signature;
        _widths = new NativeBuffer(slots * sizeof(long));
        _seqLens = new NativeBuffer(slots * sizeof(int));
        _totals = new NativeBuffer(slots * sizeof(int));
        _lengths.Add((SlotNames.Lengths, _widths.AsTensor(TensorElementType.Int64, [slots], sizeof(long))));
        for (int slot = 0; slot < slots; slot++)
        {
            _lengths.Add((SlotNames.SeqLens(slot), _seqLens.AsTensor(TensorElementType.Int32, [1], sizeof(int), slot)));
            _lengths.Add((SlotNames.Total(slot), _totals.AsTensor(TensorElementType.Int32, [1], sizeof(int), slot)));
        }

        (_ids, _positions, _logits) = Allocate();
    }

    public ReadOnlySpan<byte> Logits => _logits.AsSpan<byte>();

    public void BindLengths(OrtIoBinding binding)
    {
        foreach ((string name, OrtValue value) in _lengths)
            binding.BindInput(name, value);
    }

    /// <summary>Binds what has a place for every row.</summary>
    public void BindRows(OrtIoBinding binding, int rows)
    {
        if (rows > _rows)
            Grow(rows);
        if (!_tensors.TryGetValue(rows, out RowTensors? tensors))
            _tensors.Add(rows, tensors = Tensors(rows));

        binding.BindInput(_decoder.Folder.Names.InputIds, tensors.Ids);
        if (tensors.Positions is not null)
            binding.BindInput(_decoder.Folder.Names.PositionIds, tensors.Positions);
        binding.BindOutput(_decoder.Folder.Names.Logits, tensors.Logits);
    }

    /// <summary>Writes what one slot runs.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="row">Its first row.</param>
    /// <param name="ids">The ids without the filler.</param>
    /// <param name="chunk">Where they stand in their text.</param>
    public void Write(int slot, int row, ReadOnlySpan<int> ids, RowChunk chunk)
    {
        HostTensors.Write(_ids, _signature.IdType, ids, row);
        if (chunk.HasFiller)
            HostTensors.Write(_ids, _signature.IdType, ids[^1..], row + chunk.Count);
        if (_signature.PositionType is { } positions)
            HostTensors.WriteRange(_positions, positions, chunk.Start, chunk.Width, row);
        _widths.AsSpan<long>()[slot] = chunk.Width;
        _seqLens.AsSpan<int>()[slot] = chunk.End - 1;
        _totals.AsSpan<int>()[slot] = chunk.End;
    }

    public void Dispose()
    {
        DropTensors();
        foreach ((_, OrtValue value) in _lengths)
            value.Dispose();
        foreach (NativeBuffer buffer in new[] { _widths, _seqLens, _totals, _ids, _positions, _logits })
            buffer.Dispose();
    }

    private void Grow(int rows)
    {
        DropTensors();
        _ids.Dispose();
        _positions.Dispose();
        _logits.Dispose();
        _rows = Math.Max(rows, _rows * 2);
        (_ids, _positions, _logits) = Allocate();
    }

    private (NativeBuffer Ids, NativeBuffer Positions, NativeBuffer Logits) Allocate() => (
        new NativeBuffer((long)_rows * sizeof(long)),
        new NativeBuffer((long)_rows * sizeof(long)),
        new NativeBuffer((long)_rows * _signature.LogitsWidth * ElementTypes.SizeOf(_signature.LogitsType)));

    private RowTensors Tensors(int rows) => new(
        _ids.AsTensor(_signature.IdType, [1, rows], ElementTypes.SizeOf(_signature.IdType)),
        _signature.PositionType is { } positions ? _positions.AsTensor(positions, [1, rows], ElementTypes.SizeOf(positions)) : null,
        _logits.AsTensor(_signature.LogitsType, [1, rows, _signature.LogitsWidth], ElementTypes.SizeOf(_signature.LogitsType)));

    private void DropTensors()
    {
        foreach (RowTensors tensors in _tensors.Values)
            tensors.Dispose();
        _tensors.Clear();
    }

    private sealed record RowTensors(OrtValue Ids, OrtValue? Positions, OrtValue Logits) : IDisposable
    {
        public void Dispose()
        {
            Ids.Dispose();
            Positions?.Dispose();
            Logits.Dispose();
        }
    }
}
