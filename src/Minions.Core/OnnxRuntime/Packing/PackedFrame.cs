using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// A binding for runs of several texts. Each text keeps the slot it had in the run before, so that in a steady round nothing is bound anew
/// and nothing allocated. Slots without a text run a pair of rows into a cache that nobody reads: the operator refuses an empty slot.
/// </summary>
internal sealed class PackedFrame : ILogitsSource, IDisposable
{
    private const int FillerRows = 2;
    private static readonly RowChunk Filler = new(0, 1, 0, HasFiller: true);

    private readonly SlotSession _session;
    private readonly OrtIoBinding _binding;
    private readonly PackedLengths _lengths;
    private readonly SequenceWork?[] _works;
    private readonly SharedBufferCache?[] _bound;
    private readonly int[] _versions;
    private PackedRows? _rows;
    private int _rowsVersion;
    private int _width;
    private int _computed;

    public PackedFrame(SlotSession session)
    {
        _session = session;
        _works = new SequenceWork?[session.Slots];
        _bound = new SharedBufferCache?[session.Slots];
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

    /// <summary>Runs the rows that each work has taken.</summary>
    /// <param name="works">At least 1 and at most as many as there are slots.</param>
    /// <param name="rows">Where ids come from and logits go; the latter stay readable as long as the caller keeps it.</param>
    /// <param name="isLast">Whether ONNX Runtime is to give the working memory of this run back.</param>
    /// <exception cref="ModelRunException">ONNX Runtime reports a failure.</exception>
    public void Run(ReadOnlySpan<SequenceWork?> works, PackedRows rows, bool isLast = false)
    {
        try
        {
            Seat(works);
            int width = 0;
            int computed = 0;
            foreach (SequenceWork? work in _works)
            {
                width += work?.Chunk.Width ?? FillerRows;
                computed += ComputedOf(work);
            }

            rows.Reserve(width, computed);
            Bind(rows, width, computed);
            Write(rows);
            _session.Decoder.RunPacked(_session.Session, _binding, width, works.Length, isLast);
        }
        finally
        {
            Array.Clear(_works);
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

    private static SharedBufferCache CacheOf(SequenceWork work) => (SharedBufferCache)work.Sequence.Cache;

    private void Seat(ReadOnlySpan<SequenceWork?> works)
    {
        foreach (SequenceWork? work in works)
        {
            int slot = Array.IndexOf(_bound, CacheOf(work!));
            if (slot >= 0)
                _works[slot] = work;
        }

        foreach (SequenceWork? work in works)
        {
            if (Array.IndexOf(_works, work) < 0)
                _works[FreeSlot()] = work;
        }

        for (int slot = 0; slot < _works.Length; slot++)
        {
            SharedBufferCache? cache = _works[slot] is { } work ? CacheOf(work) : null;
            if (_bound[slot] != cache || (cache is not null && _versions[slot] != cache.Version))
                Bind(slot, cache);
        }
    }

    // Rather one that has no text of an earlier run, which may come back.
    private int FreeSlot()
    {
        for (int slot = 0; slot < _works.Length; slot++)
        {
            if (_works[slot] is null && _bound[slot] is null)
                return slot;
        }

        return Array.IndexOf(_works, null);
    }

    private void Bind(int slot, SharedBufferCache? cache)
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
            rows.BindInputs(_binding, width);
        if (moved || computed != _computed)
            rows.BindOutputs(_binding, computed);
        (_rows, _rowsVersion, _width, _computed) = (rows, rows.Version, width, computed);
    }

    private void Write(PackedRows rows)
    {
        int row = 0;
        int firstComputed = 0;
        for (int slot = 0; slot < _works.Length; slot++)
        {
            SequenceWork? work = _works[slot];
            RowChunk chunk = work?.Chunk ?? Filler;
            rows.Write(row, work is null ? [0] : work.Ids.Slice(chunk.Start, chunk.Count), chunk);
            _lengths.Write(slot, chunk);

            int computed = ComputedOf(work);
            rows.WriteComputed(firstComputed, row + chunk.Width - computed, computed);
            if (work is not null)
                CacheOf(work).ReadFrom(this, firstComputed + computed - chunk.Width);
            row += chunk.Width;
            firstComputed += computed;
        }
    }

    private int ComputedOf(SequenceWork? work)
    {
        DecoderSignature signature = _session.Decoder.Signature;
        if (work is null)
            return signature.ChoosesRows ? 0 : FillerRows;

        RowChunk chunk = work.Chunk;
        return signature.RowsComputed(chunk.Width, chunk.HasFiller ? chunk.Width : chunk.Wanted);
    }
}
