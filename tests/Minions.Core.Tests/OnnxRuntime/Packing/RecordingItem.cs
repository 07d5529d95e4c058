using System.Runtime.InteropServices;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Packing;

namespace Minions.Core.Tests.OnnxRuntime.Packing;

/// <summary>A text whose wanted rows of logits are kept as they came, to be compared bit for bit.</summary>
internal sealed class RecordingItem(PackedDecoder packed, bool bitIdentical = true)
    : BatchItem(new OnnxSequence(packed.Decoder.OpenCache(), bitIdentical))
{
    private int[] _ids = [];
    private int _wanted;
    private int _next;
    private int _held;

    public List<byte[]> Rows { get; } = [];

    public Exception? Fault { get; private set; }

    public CancellationToken Cancellation { get; init; }

    /// <summary>Called after each of its runs.</summary>
    public Action? OnRun { get; init; }

    /// <summary>The rows of each run.</summary>
    public List<int> Widths { get; } = [];

    public override ReadOnlySpan<int> Ids => _ids;

    public RecordingItem For(int[] ids, int wanted)
    {
        (_ids, _wanted) = (ids, wanted);
        Rows.Clear();
        Widths.Clear();
        Fault = null;
        return this;
    }

    public override bool Begin()
    {
        _next = _ids.Length - _wanted;
        Sequence.Rewind(_ids, _wanted);
        _held = Sequence.Ids.Length;
        return RowsLeft > 0;
    }

    public override bool Read()
    {
        Widths.Add(Sequence.Ids.Length - _held);
        _held = Sequence.Ids.Length;
        OnRun?.Invoke();
        for (; _wanted > 0 && _next < Sequence.Ids.Length; _next++)
            Rows.Add(MemoryMarshal.AsBytes(Sequence.LogitsAfter(_next)).ToArray());
        return RowsLeft > 0;
    }

    public override void Fail(Exception fault) => Fault = fault;

    public override void ThrowIfCancelled() => Cancellation.ThrowIfCancellationRequested();
}
