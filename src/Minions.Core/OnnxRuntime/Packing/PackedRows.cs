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
    private readonly Dictionary<int, RowBindings> _inputs = [];
    private readonly Dictionary<int, (OrtValue Computed, OrtValue Logits)> _outputs = [];
    private NativeBuffer[] _rowInputs = [];
    private NativeBuffer[] _rowOutputs = [];
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
            _rowInputs = [.. _signature.RowInputs.Select(tensor => tensor.Allocate(_rows))];
            _rowOutputs = [.. _signature.RowOutputs.Select(tensor => tensor.Allocate(_rows))];
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

    public ReadOnlySpan<byte> RowsOf(int output) => _rowOutputs[output].AsSpan<byte>();

    /// <summary>Binds what has a row for each id of a run, going in and coming out.</summary>
    public void BindRows(OrtIoBinding binding, int rows)
    {
        if (!_inputs.TryGetValue(rows, out RowBindings? bindings))
            _inputs.Add(rows, bindings = OpenBindings(rows));
        foreach ((string name, OrtValue value) in bindings.Inputs)
            binding.BindInput(name, value);
        foreach ((string name, OrtValue value) in bindings.Outputs)
            binding.BindOutput(name, value);
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
    /// <param name="rowInputs">What the graph reads of each id beside the id; <see langword="null"/> for zeros.</param>
    public void Write(int row, ReadOnlySpan<int> ids, RowChunk chunk, IRowInputs? rowInputs)
    {
        if (_signature.IdType is { } type)
        {
            HostTensors.Write(_ids!, type, ids, row);
            if (chunk.HasFiller)
                HostTensors.Write(_ids!, type, ids[^1..], row + chunk.Count);
        }

        for (int i = 0; i < _rowInputs.Length; i++)
            HostTensors.WriteRows(_signature.RowInputs[i], _rowInputs[i], row, i, chunk.Start, chunk.Width, rowInputs);
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

    private RowBindings OpenBindings(int rows)
    {
        var inputs = new List<(string, OrtValue)>();
        if (_signature.IdType is { } ids)
            inputs.Add((_decoder.Folder.Names.InputIds, _ids!.AsTensor(ids, [1, rows], ElementTypes.SizeOf(ids))));
        if (_signature.PositionType is { } positions)
            inputs.Add((_decoder.Folder.Names.PositionIds, _positions!.AsTensor(positions, [1, rows], ElementTypes.SizeOf(positions))));
        inputs.AddRange(_signature.RowInputs.Select((tensor, i) => (tensor.Name, tensor.Over(_rowInputs[i], rows))));
        return new RowBindings([.. inputs], [.. _signature.RowOutputs.Select((tensor, i) => (tensor.Name, tensor.Over(_rowOutputs[i], rows)))]);
    }

    private void FreeInputs()
    {
        foreach ((_, OrtValue value) in _inputs.Values.SelectMany(bindings => bindings.Inputs.Concat(bindings.Outputs)))
            value.Dispose();
        _inputs.Clear();
        foreach (NativeBuffer memory in _rowInputs.Concat(_rowOutputs))
            memory.Dispose();
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

    private sealed record RowBindings((string Name, OrtValue Value)[] Inputs, (string Name, OrtValue Value)[] Outputs);
}
