using System.Numerics;
using Microsoft.ML.OnnxRuntime;
using Minions.Core.Generation;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// A cache that attention appends to in place: past and present are one buffer, and how much of it is valid is an input. Rewinding costs
/// nothing. The buffers double when full, up to the context.
/// </summary>
internal sealed class InPlaceKvCache(OnnxDecoder decoder, int expectedLength) : KvCache
{
    // The widest verification. Wider runs are chunks of a prompt, whose frame is not kept.
    private const int KeptWidths = GenerationOptions.MaximumSpeculationLength + 1;

    // The most entries allocated at once for the expected length; growing later means a copy and new bindings.
    private const int LargestFirstCapacity = 512;

    private readonly DecoderSignature _signature = decoder.Signature;
    private readonly LogitsReader _logits = new(decoder.Signature);
    private readonly RunFrame?[] _frames = new RunFrame?[KeptWidths + 1];
    private OrtValue[] _buffers = [];
    private FrameMemory? _memory;
    private RunFrame? _last;
    private IRunOutput? _source;
    private int _firstRow;
    private int _firstRun;
    private int _capacity;

    /// <summary>The buffers, in the order of <see cref="DecoderSignature.Past"/>.</summary>
    public IReadOnlyList<OrtValue> Buffers => _buffers;

    /// <summary>Changes whenever the buffers do.</summary>
    public int Version { get; private set; }

    public bool IsDisposed { get; private set; }

    public override bool LeavesOneRow(int rows) => _signature.LeavesOneRow(rows);

    public override int Reserve(int length, int keep) => length <= _capacity ? keep : Grow(length, keep);

    public override void Run(ReadOnlySpan<int> ids, int start, int wanted = int.MaxValue)
    {
        DropTransientFrame();
        RunFrame frame = FrameFor(ids.Length);
        _last = frame;
        int computed = _signature.RowsComputed(ids.Length, wanted);
        frame.Run(ids, start, computed, UsesLongFactors, RowInputs);
        (_source, _firstRow, _firstRun) = (frame, computed - ids.Length, 0);
    }

    /// <summary>Records that the last run was a packed one.</summary>
    /// <param name="source">Where its logits lie.</param>
    /// <param name="firstRow">
    /// The row of the source that belongs to the first row of this text's part. It was not computed where that text wanted fewer rows, and may
    /// then be negative.
    /// </param>
    /// <param name="firstRun">The row of the run that was the first of this text's part.</param>
    public void ReadFrom(IRunOutput source, int firstRow, int firstRun)
    {
        DropTransientFrame();
        (_source, _firstRow, _firstRun) = (source, firstRow, firstRun);
    }

    public override ReadOnlySpan<float> Logits(int row) => _logits.Read(_source!.Logits, _firstRow + row);

    public override ReadOnlySpan<float> Columns(int row) => _logits.ReadColumns(_source!.Logits, _firstRow + row);

    public override ReadOnlySpan<byte> RowOutput(int output, int row)
    {
        int bytes = _signature.RowOutputs[output].BytesPerRow;
        return _source!.RowsOf(output).Slice((_firstRun + row) * bytes, bytes);
    }

    public override void Dispose()
    {
        if (IsDisposed)
            return;

        IsDisposed = true;
        DropFrames();
        if (_memory is not null)
            decoder.FrameMemory.Return(_memory);
        _memory = null;
        foreach (OrtValue buffer in _buffers)
            buffer.Dispose();
        _buffers = [];
        decoder.CountCache(-BytesOf(_capacity));
        _capacity = 0;
    }

    private int Grow(int length, int keep)
    {
        int wanted = Math.Max(length, Math.Min(expectedLength, LargestFirstCapacity));
        int capacity = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)wanted), (uint)decoder.Folder.ContextLength);
        OrtValue[] grown = [.. _signature.Caches.Select(tensor => tensor.Allocate(decoder.KvAllocator, capacity))];

        // The host cannot copy memory of a device. The entries are lost then and run again.
        bool copies = _signature.CachesAreOnHost && _buffers.Length > 0;
        for (int i = 0; copies && i < grown.Length; i++)
            CopyHeads(_signature.Caches[i], _buffers[i], grown[i], keep, capacity);

        DropFrames();
        foreach (OrtValue buffer in _buffers)
            buffer.Dispose();
        _buffers = grown;
        decoder.CountCache(BytesOf(capacity) - BytesOf(_capacity));
        _capacity = capacity;
        Version++;
        return copies ? keep : 0;
    }

    private long BytesOf(int capacity) => _signature.Caches.Sum(tensor => tensor.BytesPerEntry) * capacity;

    private RunFrame FrameFor(int width)
    {
        if (width > KeptWidths)
            return new RunFrame(decoder, _buffers, width, decoder.FrameMemory.Rent(), isTransient: true);

        _memory ??= decoder.FrameMemory.Rent();
        return _frames[width] ??= new RunFrame(decoder, _buffers, width, _memory, isTransient: false);
    }

    // Each head has a contiguous part of the buffer, so every part moves when the capacity grows.
    private void CopyHeads(CacheTensor tensor, OrtValue from, OrtValue to, int entries, int capacity)
    {
        int element = tensor.BytesPerHead;
        ReadOnlySpan<byte> source = from.GetTensorMutableRawData();
        Span<byte> target = to.GetTensorMutableRawData();
        for (int head = 0; head < tensor.Heads; head++)
            source.Slice(head * _capacity * element, entries * element).CopyTo(target[(head * capacity * element)..]);
    }

    private void DropTransientFrame()
    {
        if (_last is { IsTransient: true })
        {
            _last.Dispose();
            decoder.FrameMemory.Return(_last.Memory);
        }

        _last = null;
    }

    private void DropFrames()
    {
        DropTransientFrame();
        foreach (RunFrame? frame in _frames)
            frame?.Dispose();
        Array.Clear(_frames);
    }
}
