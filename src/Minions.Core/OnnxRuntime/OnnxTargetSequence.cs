using Minions.Core.Generation;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.Verification;

namespace Minions.Core.OnnxRuntime;

/// <summary>One request's text in a target.</summary>
internal sealed class OnnxTargetSequence(PackedDecoder packed, SequenceOptions options)
    : BatchItem(new OnnxSequence(packed.Decoder.OpenCache(options.ExpectedLength), options.BitIdentical, options.ExpectedLength, packed.Decoder.Signature.LongestShortText)), ITargetSequence, IReusableSequence
{
    private readonly StateReader _states = new(packed);
    private VerificationRequest? _request;
    private int _nextRow;

    public override ReadOnlySpan<int> Ids => _request!.Ids.Span;

    public void Reopen(SequenceOptions options) => Sequence.Reopen(options);

    public int Reusable(int shared, int textLength) => Sequence.Reusable(shared, textLength);

    /// <summary>Sets this round's request.</summary>
    public OnnxTargetSequence For(VerificationRequest request)
    {
        _request = request;
        return this;
    }

    public override bool Begin()
    {
        _nextRow = Ids.Length - _request!.RowsWanted;
        Sequence.Rewind(Ids, _request.RowsWanted, knownLength: _request.KnownLength);
        return RowsLeft > 0;
    }

    public override bool Read()
    {
        if (_request!.States is { } states)
            _states.Read(Sequence, states);

        for (; _request!.RowsWanted > 0 && _nextRow < Sequence.Ids.Length; _nextRow++)
        {
            // Behind a rejected token no row is needed.
            if (!_request.Choose(Sequence.LogitsAfter(_nextRow)))
                return false;
        }

        return RowsLeft > 0;
    }

    public override void Fail(Exception fault) => _request!.Fail(fault);

    public override void ThrowIfCancelled() => _request!.Cancellation.ThrowIfCancellationRequested();

    public override void Dispose()
    {
        base.Dispose();
        packed.DropDisposedCaches();
    }
}
