using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// A binding for runs of several texts. Each text keeps the slot it had in the run before, so that a steady round binds nothing anew
/// and allocates nothing. Slots without a text run a pair of rows into a cache that nobody reads: the operator refuses an empty slot.
/// </summary>
internal sealed class PackedFrame : IRunOutput, IDisposable
{
    private const int FillerRows = 2;
    private static readonly RowChunk Filler = new(0, 1, 0, HasFiller: true);

    private readonly PackedSession _session;
    private readonly OrtIoBinding _binding;
    private readonly PackedLengths _lengths;
    private readonly BatchItem?[] _items;
    private readonly InPlaceKvCache?[] _bound;
    private readonly int[] _versions;
    private PackedRows? _rows;
    private int _rowsVersion;
    private int _width;
    private int _computed;

    public PackedFrame(PackedSession session)
    {
        _session = session;
        _items = new BatchItem?[session.Slots];
        _bound = new InPlaceKvCache?[session.Slots];
        _versions = new int[session.Slots];
        _lengths = new PackedLengths(session.Slots);
        _binding = session.Session.CreateIoBinding();
        _lengths.Bind(_binding);
        for (int slot = 0; slot < session.Slots; slot++)
            Bind(slot, null);
    }

    /// <summary>The slots that are bound to the cache of a text.</summary>
    public int BoundSlots => _bound.Count(cache => cache is not null);

    public ReadOnlySpan<byte> Logits => _rows!.Logits;

    public ReadOnlySpan<byte> RowsOf(int output) => _rows!.RowsOf(output);

    /// <summary>Runs the rows that each item has taken.</summary>
    /// <param name="items">At least 1 and at most as many as there are slots.</param>
    /// <param name="rows">Where ids come from and logits go; the latter stay readable as long as the caller keeps it.</param>
    /// <param name="isLast">Whether ONNX Runtime is to give the working memory of this run back.</param>
    /// <exception cref="ModelRunException">ONNX Runtime reports a failure.</exception>
    public void Run(ReadOnlySpan<BatchItem?> items, PackedRows rows, bool isLast = false)
    {
        try
        {
            AssignSlots(items);
            int width = 0;
            int computed = 0;
            foreach (BatchItem? item in _items)
            {
                width += item?.Chunk.Width ?? FillerRows;
                computed += ComputedOf(item);
            }

            rows.Reserve(width, computed);
            Bind(rows, width, computed);
            Write(rows);
            _session.Decoder.RunPacked(_session.Session, _binding, width, items.Length, isLast);
        }
        finally
        {
            Array.Clear(_items);
        }
    }

    /// <summary>Lets go of the buffers of texts that have ended.</summary>
    public void DropDisposed()
    {
        for (int slot = 0; slot < _bound.Length; slot++)
        {
            if (_bound[slot] is { IsDisposed: true })
                Bind(slot, null);
        }
    }

    public void Dispose()
    {
        _binding.Dispose();
        _lengths.Dispose();
    }

    private static InPlaceKvCache CacheOf(BatchItem item) => (InPlaceKvCache)item.Sequence.Cache;

    private void AssignSlots(ReadOnlySpan<BatchItem?> items)
    {
        foreach (BatchItem? item in items)
        {
            int slot = Array.IndexOf(_bound, CacheOf(item!));
            if (slot >= 0)
                _items[slot] = item;
        }

        foreach (BatchItem? item in items)
        {
            if (Array.IndexOf(_items, item) < 0)
                _items[FreeSlot()] = item;
        }

        for (int slot = 0; slot < _items.Length; slot++)
        {
            InPlaceKvCache? cache = _items[slot] is { } item ? CacheOf(item) : null;
            if (_bound[slot] != cache || (cache is not null && _versions[slot] != cache.Version))
                Bind(slot, cache);
        }
    }

    // A slot that is bound to no text is better: the text of an earlier run may come back.
    private int FreeSlot()
    {
        for (int slot = 0; slot < _items.Length; slot++)
        {
            if (_items[slot] is null && _bound[slot] is null)
                return slot;
        }

        return Array.IndexOf(_items, null);
    }

    private void Bind(int slot, InPlaceKvCache? cache)
    {
        IReadOnlyList<OrtValue> buffers = cache?.Buffers ?? _session.Scratch;
        string[] pasts = _session.Past[slot];
        string[] presents = _session.Present[slot];
        for (int i = 0; i < pasts.Length; i++)
        {
            _binding.BindInput(pasts[i], buffers[i]);
            _binding.BindOutput(presents[i], buffers[i]);
        }

        _bound[slot] = cache;
        _versions[slot] = cache?.Version ?? 0;
    }

    private void Bind(PackedRows rows, int width, int computed)
    {
        bool moved = rows != _rows || rows.Version != _rowsVersion;
        if (moved || width != _width)
            rows.BindRows(_binding, width);
        if (moved || computed != _computed)
            rows.BindOutputs(_binding, computed);
        (_rows, _rowsVersion, _width, _computed) = (rows, rows.Version, width, computed);
    }

    private void Write(PackedRows rows)
    {
        int row = 0;
        int firstComputed = 0;
        for (int slot = 0; slot < _items.Length; slot++)
        {
            BatchItem? item = _items[slot];
            RowChunk chunk = item?.Chunk ?? Filler;
            rows.Write(row, item is null ? [0] : item.Ids.Slice(chunk.Start, chunk.Count), chunk, item?.Sequence.Cache.RowInputs);
            _lengths.Write(slot, chunk);

            int computed = ComputedOf(item);
            rows.WriteComputed(firstComputed, row + chunk.Width - computed, computed);
            if (item is not null)
                CacheOf(item).ReadFrom(this, firstComputed + computed - chunk.Width, row);
            row += chunk.Width;
            firstComputed += computed;
        }
    }

    private int ComputedOf(BatchItem? item)
    {
        DecoderSignature signature = _session.Decoder.Signature;
        if (item is null)
            return signature.ChoosesRows ? 0 : FillerRows;

        RowChunk chunk = item.Chunk;
        return signature.RowsComputed(chunk.Width, chunk.HasFiller ? chunk.Width : chunk.Wanted);
    }
}
