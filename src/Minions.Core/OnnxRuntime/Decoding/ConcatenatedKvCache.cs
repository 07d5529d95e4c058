using Microsoft.ML.OnnxRuntime;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// A cache for graphs that concatenate past and new entries into a new tensor (Optimum's and transformers.js's exports). The outputs of a run
/// are the inputs of the next one; rewinding truncates the tensors.
/// </summary>
internal sealed class ConcatenatedKvCache(OnnxDecoder decoder, KvTruncation truncation) : KvCache
{
    private readonly DecoderSignature _signature = decoder.Signature;
    private readonly LogitsReader _reader = new(decoder.Signature);
    private IReadOnlyList<OrtValue> _entries = [];
    private OrtValue[] _rows = [];
    private OrtValue? _logits;
    private int _length;

    public override bool LeavesOneRow(int rows) => _signature.LeavesOneRow(rows);

    public override int Reserve(int length, int keep) => keep;

    public override void Run(ReadOnlySpan<int> ids, int start, int wanted = int.MaxValue)
    {
        Truncate(start);
        using var memory = new HostInputs(decoder, ids, start, UsesLongFactors, RowInputs);
        using OrtIoBinding binding = decoder.Session.CreateIoBinding();
        memory.Bind(binding);
        for (int i = 0; i < _entries.Count; i++)
            binding.BindInput(_signature.Past[i], _entries[i]);
        for (int i = 0; i < _signature.Present.Count; i++)
            binding.BindOutputToDevice(_signature.Present[i], _signature.Caches[i].MemoryInfo(decoder.KvAllocator));
        foreach (RowTensor rows in _signature.RowOutputs)
            binding.BindOutputToDevice(rows.Name, OrtMemoryInfo.DefaultInstance);
        binding.BindOutputToDevice(decoder.Folder.Names.Logits, OrtMemoryInfo.DefaultInstance);

        decoder.Run(binding, start, ids.Length);

        // In the order they were bound: the cache, other rows, then the logits. The values are owned here from now on, the list is not.
        OrtValue[] outputs = [.. binding.GetOutputValues()];
        Free();
        _entries = outputs[.._signature.Present.Count];
        _rows = outputs[_signature.Present.Count..^1];
        _logits = outputs[^1];
        _length = start + ids.Length;
        if (_logits.GetTensorMutableRawData().Length < (long)ids.Length * _signature.LogitsWidth * ElementTypes.SizeOf(_signature.LogitsType))
            throw new ModelRunException($"A run of {ids.Length} rows of model '{decoder.Folder.Path}' gave logits of fewer rows, or of less than {_signature.LogitsWidth} tokens");
    }

    public override ReadOnlySpan<float> Logits(int row) => _reader.Read(_logits!.GetTensorMutableRawData(), row);

    public override ReadOnlySpan<float> Columns(int row) => _reader.ReadColumns(_logits!.GetTensorMutableRawData(), row);

    public override ReadOnlySpan<byte> RowOutput(int output, int row)
    {
        int bytes = _signature.RowOutputs[output].BytesPerRow;
        return _rows[output].GetTensorMutableRawData().Slice(row * bytes, bytes);
    }

    public override void Dispose() => Free();

    private void Truncate(int length)
    {
        if (_entries.Count == 0 || length == 0)
        {
            Free();
            _entries = [.. _signature.Caches.Select(tensor => tensor.Allocate(decoder.KvAllocator, 0))];
        }
        else if (length < _length)
        {
            IReadOnlyList<OrtValue> kept = truncation.Truncate(_entries, length);
            Free();
            _entries = kept;
        }

        _length = length;
    }

    private void Free()
    {
        foreach (OrtValue value in _entries)
            value.Dispose();
        foreach (OrtValue value in _rows)
            value.Dispose();
        _logits?.Dispose();
        _entries = [];
        _rows = [];
        _logits = null;
    }
}
