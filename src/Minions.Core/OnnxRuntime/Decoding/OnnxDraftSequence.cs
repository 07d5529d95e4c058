using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.Sampling;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>One request's text in a draft. A draft makes no promise about its numbers, so its runs may be one row wide.</summary>
internal sealed class OnnxDraftSequence(OnnxDecoder decoder, SequenceOptions options)
    : SequenceWork(new OnnxSequence(decoder.OpenCache(options.ExpectedLength), bitIdentical: false)), IDraftSequence, IReusableSequence
{
    // Beside its head's work a row has to be kept and read.
    private const int MostLogitsJudged = 1 << 20;

    private TokenSelector _selector = options.Selector;
    private DraftRequest? _request;
    private int[] _text = new int[256];
    private int _length;
    private int _judged;
    private int _judgedEnd;
    private int _end;
    private float _confidence;

    public override ReadOnlySpan<int> Ids => _text.AsSpan(0, _length);

    public void Reopen(SequenceOptions options) => _selector = options.Selector;

    /// <summary>Settles what is to be continued in this round.</summary>
    public OnnxDraftSequence For(DraftRequest request)
    {
        _request = request;
        return this;
    }

    public override bool Begin()
    {
        _length = _request!.Context.Length;
        _end = Math.Min(_length + _request.Length, decoder.Folder.ContextLength);
        _confidence = 1;
        if (_length >= _end)
            return false;

        EnsureRoom(_end);
        _request.Context.Span.CopyTo(_text);
        _judgedEnd = _length - 1;
        _judged = _judgedEnd - IdsToJudge();
        Sequence.Rewind(Ids, rowsWanted: _length - _judged);
        return true;
    }

    public override bool Read()
    {
        Judge();
        if (RowsLeft > 0)
            return true;

        int token = Choose(out float probability);
        _confidence *= probability;
        _request!.Proposal.Add(token, probability);
        if (_confidence < _request.MinimumConfidence)
            return false;

        _text[_length++] = token;
        if (_length == _end)
            return false;

        Sequence.Rewind(Ids, rowsWanted: 1);
        return true;
    }

    public override void Fail(Exception fault) => _request!.Fail(fault);

    public override void ThrowIfCancelled() => _request!.Cancellation.ThrowIfCancellationRequested();

    // Unknown tokens cannot be the largest, so their places need not even be written.
    private int Choose(out float probability) => decoder.Signature.Vocabulary is { } vocabulary && _selector.TakesLargest
        ? vocabulary.TokenOf(_selector.Select(_length, Ids, Sequence.ColumnsAfter(_length - 1), out probability))
        : _selector.Select(_length, Ids, Sequence.LogitsAfter(_length - 1), out probability);

    // What the text went on with is among what the draft held possible, or was beyond it.
    private void Judge()
    {
        for (; _judged < Math.Min(_judgedEnd, Sequence.Ids.Length); _judged++)
            _request!.Judge(RowProbability.Of(_text[_judged + 1], Sequence.LogitsAfter(_judged)));
    }

    // Too few to tell anything are left alone.
    private int IdsToJudge()
    {
        int ids = Math.Min(Math.Min(_request!.IdsToJudge, _judgedEnd), MostLogitsJudged / decoder.Signature.LogitsWidth);
        return ids < TextFit.LeastIds ? 0 : ids;
    }

    private void EnsureRoom(int length)
    {
        if (length > _text.Length)
            _text = new int[Math.Max(length, _text.Length * 2)];
    }
}
