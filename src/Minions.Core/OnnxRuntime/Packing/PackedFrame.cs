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

    private readonly SlotSession _session;
    private readonly OrtIoBinding _binding;
    private readonly PackedMemory _memory;
    private readonly SequenceWork?[] _works;
    private readonly SharedBufferCache?[] _bound;
    private readonly int[] _versions;
    private int _boundRows;

    public PackedFrame(SlotSession session)
    {
        _session = session;
        _works = new SequenceWork?[session.Slots];
        _bound = new SharedBufferCache?[session.Slots];
        _versions = new int[session.Slots];
        _memory = new PackedMemory(session.Decoder, session.Slots);
        _binding = session.Session.CreateIoBinding();
        _memory.BindLengths(_binding);
        for (int slot = 0; slot < session.Slots; slot++)
            Bind(slot, null);
    }

    public ReadOnlySpan<byte> Logits => _memory.Logits;

    /// <summary>Runs the rows that each work has taken.</summary>
    /// <param name="works">At least 1 and at most as many as there are slots.</param>
    /// <exception cref="ModelRunException">ONNX Runtime reports a failure.</exception>
    public void Run(ReadOnlySpan<SequenceWork?> works)
    {
        try
        {
            Seat(works);
            int rows = 0;
            foreach (SequenceWork? work in _works)
                rows += work?.Chunk.Width ?? FillerRows;
            if (rows != _boundRows)
                _memory.BindRows(_binding, rows);
            _boundRows = rows;

            WriteInputs();
            _session.Decoder.RunPacked(_session.Session, _binding, rows, works.Length);
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
        _memory.Dispose();
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

    private void WriteInputs()
    {
        int row = 0;
        for (int slot = 0; slot < _works.Length; slot++)
        {
            if (_works[slot] is { } work)
            {
                RowChunk chunk = work.Chunk;
                _memory.Write(slot, row, work.Ids.Slice(chunk.Start, chunk.Count), chunk);
                CacheOf(work).ReadFrom(this, row);
                row += chunk.Width;
            }
            else
            {
                _memory.Write(slot, row, [0], new RowChunk(0, 1, HasFiller: true));
                row += FillerRows;
            }
        }
    }
}
