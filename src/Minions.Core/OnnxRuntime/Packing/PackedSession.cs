using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// A model opened for several requests in one run: its session, and the bindings of its runs, of which each run in flight rents one. Safe
/// to use from several threads; disposed when no run is in flight.
/// </summary>
internal sealed class PackedSession : IDisposable
{
    /// <summary>The most requests in one run.</summary>
    public const int MaxSlots = 16;

    // Scratch KV cache for empty slots; always written from position 0.
    private const int ScratchCapacity = 4;

    private readonly OpenedSession _opened;
    private readonly OrtValue[] _scratch;
    private readonly Stack<PackedFrame> _free = [];
    private readonly Lock _gate = new();
    private int _rented;

    public PackedSession(OnnxDecoder decoder, OpenedSession opened, int slots)
    {
        DecoderSignature signature = decoder.Signature;
        _opened = opened;
        Decoder = decoder;
        Slots = slots;
        Past = NamesOf(signature.Past, slots);
        Present = NamesOf(signature.Present, slots);
        _scratch = [.. signature.Caches.Select(tensor => tensor.Allocate(decoder.KvAllocator, ScratchCapacity))];
    }

    public OnnxDecoder Decoder { get; }

    public int Slots { get; }

    public InferenceSession Session => _opened.Session;

    /// <summary>For each slot the names of its caches going in, in the order of <see cref="DecoderSignature.Past"/>.</summary>
    public IReadOnlyList<string[]> Past { get; }

    /// <summary>For each slot the names of its caches coming out.</summary>
    public IReadOnlyList<string[]> Present { get; }

    /// <summary>The buffers of slots without a request.</summary>
    public IReadOnlyList<OrtValue> Scratch => _scratch;

    /// <summary>The bindings that are rented.</summary>
    public int Rented
    {
        get
        {
            lock (_gate)
                return _rented;
        }
    }

    /// <summary>The slots of bindings not rented that are bound to the cache of a text.</summary>
    public int BoundSlots
    {
        get
        {
            lock (_gate)
                return _free.Sum(frame => frame.BoundSlots);
        }
    }

    public PackedFrame Rent()
    {
        lock (_gate)
        {
            _rented++;
            if (_free.TryPop(out PackedFrame? frame))
                return frame;
        }

        return new PackedFrame(this);
    }

    public void Return(PackedFrame frame)
    {
        lock (_gate)
        {
            _rented--;
            frame.DropDisposed();
            _free.Push(frame);
        }
    }

    /// <summary>Lets go of the buffers of a text that has ended, which the bindings would keep alive.</summary>
    public void DropDisposed()
    {
        lock (_gate)
        {
            foreach (PackedFrame frame in _free)
                frame.DropDisposed();
        }
    }

    public void Dispose()
    {
        foreach (PackedFrame frame in _free)
            frame.Dispose();
        foreach (OrtValue buffer in _scratch)
            buffer.Dispose();
        _opened.Dispose();
    }

    private static string[][] NamesOf(IReadOnlyList<string> ofFirstSlot, int slots)
    {
        string first = SlotNames.Prefix(0);
        return [.. Enumerable.Range(0, slots).Select(slot => ofFirstSlot.Select(name => SlotNames.Prefix(slot) + name[first.Length..]).ToArray())];
    }
}
