using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// A binding for runs of one width over one set of cache buffers. Made once and reused: a run only writes ids and lengths into memory that
/// is bound already, so it allocates nothing.
/// </summary>
internal sealed class RunFrame : IRunOutput, IDisposable
{
    private readonly OnnxDecoder _decoder;
    private readonly OrtIoBinding _binding;
    private readonly List<(string Name, OrtValue Value)> _hostInputs = [];
    private readonly List<OrtValue> _rowOutputs = [];
    private readonly int _width;
    private OrtValue? _logits;
    private OrtValue? _computedRows;
    private int _computed;

    public RunFrame(OnnxDecoder decoder, IReadOnlyList<OrtValue> buffers, int width, FrameMemory memory, bool isTransient)
    {
        DecoderSignature signature = decoder.Signature;
        _decoder = decoder;
        Memory = memory;
        _width = width;
        IsTransient = isTransient;
        _binding = decoder.Session.CreateIoBinding();

        if (signature.IdType is { } ids)
            AddHostInput(decoder.Folder.Names.InputIds, memory.Ids, ids, [1, width]);
        if (signature.PositionType is { } positions)
            AddHostInput(decoder.Folder.Names.PositionIds, memory.Positions, positions, [1, width]);
        AddHostInput(SlotNames.SeqLens(0), memory.SeqLens, TensorElementType.Int32, [1]);
        AddHostInput(SlotNames.Total(0), memory.Total, TensorElementType.Int32, [1]);
        if (signature.Factors is not null)
            AddHostInput(FactorSwitch.Input, memory.Factors, TensorElementType.Bool, [1]);
        for (int i = 0; i < signature.RowInputs.Count; i++)
            _hostInputs.Add((signature.RowInputs[i].Name, signature.RowInputs[i].Over(memory.RowInputs[i], width)));
        BindHostInputs();
        for (int i = 0; i < signature.RowOutputs.Count; i++)
        {
            _rowOutputs.Add(signature.RowOutputs[i].Over(memory.RowOutputs[i], width));
            _binding.BindOutput(signature.RowOutputs[i].Name, _rowOutputs[i]);
        }

        for (int i = 0; i < buffers.Count; i++)
        {
            _binding.BindInput(signature.Past[i], buffers[i]);
            _binding.BindOutput(signature.Present[i], buffers[i]);
        }
    }

    /// <summary>Whether the frame serves one run only, on borrowed memory.</summary>
    public bool IsTransient { get; }

    public FrameMemory Memory { get; }

    public ReadOnlySpan<byte> Logits => Memory.Logits.AsSpan<byte>();

    public ReadOnlySpan<byte> RowsOf(int output) => Memory.RowOutputs[output].AsSpan<byte>();

    /// <summary>Runs ids.</summary>
    /// <param name="ids">As many as the frame is wide.</param>
    /// <param name="start">The position of the first.</param>
    /// <param name="computed">The rows at the end whose logits are computed.</param>
    /// <param name="usesLongFactors">Which rotary factors are used, where the graph has several.</param>
    /// <param name="rowInputs">What the graph reads of each id beside the id; <see langword="null"/> for zeros.</param>
    public void Run(ReadOnlySpan<int> ids, int start, int computed, bool usesLongFactors, IRowInputs? rowInputs)
    {
        if (computed != _computed)
            BindLogits(computed);
        if (_decoder.Signature.IdType is { } idType)
            HostTensors.Write(Memory.Ids, idType, ids);
        for (int i = 0; i < Memory.RowInputs.Count; i++)
            HostTensors.WriteRows(_decoder.Signature.RowInputs[i], Memory.RowInputs[i], 0, i, start, _width, rowInputs);
        if (_decoder.Signature.PositionType is { } positions)
            HostTensors.WriteRange(Memory.Positions, positions, start, _width);
        Memory.SeqLens.AsSpan<int>()[0] = start + _width - 1;
        Memory.Total.AsSpan<int>()[0] = start + _width;
        if (_decoder.Signature.Factors is { } factors)
            Memory.Factors.AsSpan<bool>()[0] = factors.ConditionFor(usesLongFactors);
        HostTensors.WriteRange(Memory.Computed, TensorElementType.Int64, _width - computed, computed);

        // On the host the bound memory is what a run reads; a device gets its copy when an input is bound.
        if (!_decoder.IsOnHost)
            BindHostInputs();
        _decoder.Run(_binding, start, _width);
    }

    public void Dispose()
    {
        _binding.Dispose();
        foreach ((_, OrtValue value) in _hostInputs)
            value.Dispose();
        foreach (OrtValue rows in _rowOutputs)
            rows.Dispose();
        _logits?.Dispose();
        _computedRows?.Dispose();
    }

    private void BindLogits(int computed)
    {
        DecoderSignature signature = _decoder.Signature;
        _logits?.Dispose();
        _computedRows?.Dispose();
        _logits = Memory.Logits.AsTensor(signature.LogitsType, [1, computed, signature.LogitsWidth], ElementTypes.SizeOf(signature.LogitsType));
        _computedRows = Memory.Computed.AsTensor(TensorElementType.Int64, [computed], sizeof(long));
        _binding.BindOutput(_decoder.Folder.Names.Logits, _logits);
        if (signature.ChoosesRows)
            _binding.BindInput(SlotNames.Rows, _computedRows);
        _computed = computed;
    }

    private void AddHostInput(string name, NativeBuffer memory, TensorElementType type, long[] shape) =>
        _hostInputs.Add((name, memory.AsTensor(type, shape, ElementTypes.SizeOf(type))));

    private void BindHostInputs()
    {
        foreach ((string name, OrtValue value) in _hostInputs)
            _binding.BindInput(name, value);
        if (_decoder.Signature.ChoosesRows && _computedRows is not null)
            _binding.BindInput(SlotNames.Rows, _computedRows);
    }
}
