using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// The host memory that a run of several texts reads rows of ids from and writes rows of logits to. One serves sessions of all sizes in turn.
/// </summary>
internal sealed class PackedRows : IDisposable
{
    private const int FirstRows = 64;
    private const int FirstComputed = 16;

    private readonly OnnxDecoder _decoder;
    private readonly DecoderSignature _signature;
    private readonly Dictionary<int, (OrtValue Ids, OrtValue? Positions)> _inputs = [];
    private readonly Dictionary<int, (OrtValue Computed, OrtValue Logits)> _outputs = [];
    private NativeBuffer? _ids;
    private NativeBuffer? _positions;
    private NativeBuffer? _computed;
    private NativeBuffer? _logits;
    private int _rows;
    private int _computedRows;

    public PackedRows(OnnxDecoder decoder)
    {
        _decoder = decoder;
        _signature = decoder.Signature;
    }

    /// <summary>Changes when what was bound lies elsewhere now.</summary>
    public int Version { get; private set; }

    public ReadOnlySpan<byte> Logits => _logits!.AsSpan<byte>();

    /// <summary>Makes room for a run.</summary>
    public void Reserve(int rows, int computed)
    {
        if (rows > _rows)
        {
            FreeInputs();
            _rows = Math.Max(Math.Max(rows, FirstRows), _rows * 2);
            _ids = new NativeBuffer((long)_rows * sizeof(long));
            _positions = new NativeBuffer((long)_rows * sizeof(long));
            Version++;
        }

        if (computed > _computedRows)
        {
            FreeOutputs();
            _computedRows = Math.Max(Math.Max(computed, FirstComputed), _computedRows * 2);
            _computed = new NativeBuffer((long)_computedRows * sizeof(long));
            _logits = new NativeBuffer((long)_computedRows * _signature.LogitsWidth * ElementTypes.SizeOf(_signature.LogitsType));
            Version++;
        }
    }

    public void BindInputs(OrtIoBinding binding, int rows)
    {
        if (!_inputs.TryGetValue(rows, out (OrtValue Ids, OrtValue? Positions) tensors))
        {
            tensors.Ids = _ids!.AsTensor(_signature.IdType, [1, rows], ElementTypes.SizeOf(_signature.IdType));
            if (_signature.PositionType is { } type)
                tensors.Positions = _positions!.AsTensor(type, [1, rows], ElementTypes.SizeOf(type));
            _inputs.Add(rows, tensors);
        }

        binding.BindInput(_decoder.Folder.Names.InputIds, tensors.Ids);
        if (tensors.Positions is not null)
            binding.BindInput(_decoder.Folder.Names.PositionIds, tensors.Positions);
    }

    public void BindOutputs(OrtIoBinding binding, int computed)
    {
        if (!_outputs.TryGetValue(computed, out (OrtValue Computed, OrtValue Logits) tensors))
        {
            tensors.Computed = _computed!.AsTensor(TensorElementType.Int64, [computed], sizeof(long));
            tensors.Logits = _logits!.AsTensor(_signature.LogitsType, [1, computed, _signature.LogitsWidth], ElementTypes.SizeOf(_signature.LogitsType));
            _outputs.Add(computed, tensors);
        }

        binding.BindOutput(_decoder.Folder.Names.Logits, tensors.Logits);
        if (_signature.ChoosesRows)
            binding.BindInput(SlotNames.Rows, tensors.Computed);
    }

    /// <summary>Writes the part of one text.</summary>
    /// <param name="row">The part's first row.</param>
    /// <param name="ids">The ids without the filler.</param>
    /// <param name="chunk">Where they stand in their text.</param>
    public void Write(int row, ReadOnlySpan<int> ids, RowChunk chunk)
    {
        HostTensors.Write(_ids!, _signature.IdType, ids, row);
        if (chunk.HasFiller)
            HostTensors.Write(_ids!, _signature.IdType, ids[^1..], row + chunk.Count);
        if (_signature.PositionType is { } positions)
            HostTensors.WriteRange(_positions!, positions, chunk.Start, chunk.Width, row);
    }

    /// <summary>Says which rows' logits one text's part is computed to.</summary>
    /// <param name="at">The first of its rows of logits.</param>
    /// <param name="row">The row that it is computed from.</param>
    /// <param name="count">How many rows from there on.</param>
    public void WriteComputed(int at, int row, int count) => HostTensors.WriteRange(_computed!, TensorElementType.Int64, row, count, at);

    public void Dispose()
    {
        FreeInputs();
        FreeOutputs();
    }

    private void FreeInputs()
    {
        foreach ((OrtValue ids, OrtValue? positions) in _inputs.Values)
        {
            ids.Dispose();
            positions?.Dispose();
        }

        _inputs.Clear();
        _ids?.Dispose();
        _positions?.Dispose();
    }

    private void FreeOutputs()
    {
        foreach ((OrtValue computed, OrtValue logits) in _outputs.Values)
        {
            computed.Dispose();
            logits.Dispose();
        }

        _outputs.Clear();
        _computed?.Dispose();
        _logits?.Dispose();
    }
}
