using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.Sampling;

namespace Minions.Core.OnnxRuntime;

/// <summary>One request's text in a draft. A draft makes no promise about its numbers, so its runs may be one row wide.</summary>
internal sealed class OnnxDraftSequence(PackedDecoder packed, SequenceOptions options)
    : BatchItem(new OnnxSequence(packed.Decoder.OpenCache(options.ExpectedLength), bitIdentical: false, options.ExpectedLength, packed.Decoder.Signature.LongestShortText)), IDraftSequence, IReusableSequence
{
    private readonly DraftScoring _scoring = new(packed.Decoder.Signature);
    private readonly ReadableIds _readable = ReadableIds.Of(packed.Decoder);
    private TokenSelector _selector = options.Selector;
    private DraftRequest? _request;
    private int[] _text = new int[OnnxSequence.RoomFor(options.ExpectedLength)];

    // The text as the draft reads it, where that is not the text itself.
    private int[]? _read;
    private int _length;
    private int _end;
    private float _confidence;

    public override ReadOnlySpan<int> Ids => (_read ?? _text).AsSpan(0, _length);

    private ReadOnlySpan<int> Text => _text.AsSpan(0, _length);

    public void Reopen(SequenceOptions options) => _selector = options.Selector;

    public int Reusable(int shared, int textLength) => Sequence.Reusable(shared, textLength);

    /// <summary>Sets this round's request.</summary>
    public OnnxDraftSequence For(DraftRequest request)
    {
        _request = request;
        return this;
    }

    public override bool Begin()
    {
        int context = _request!.Context.Length;
        int room = packed.Decoder.Folder.ContextLength;
        _end = Math.Min(context + _request.Length, room);

        // Where rotary factors depend on the length, a guess that crosses the switch would have the whole text run afresh, and once more when rejected.
        if (context <= packed.Decoder.Signature.LongestShortText)
            _end = (int)Math.Min(_end, packed.Decoder.Signature.LongestShortText + 1L);
        bool proposes = context < _end;
        if (!proposes && (context > room || _request.TokensToScore == 0))
            return false;

        EnsureRoom(_end);
        _request.Context.Span.CopyTo(_text);
        _read = _readable.Replace(_text.AsSpan(0, context), _read, _end);
        _confidence = 1;

        // Where only scores are wanted the last id is not run: its logits are about the id that follows the text.
        int rowsWanted = proposes ? 1 : 0;
        _length = context - 1 + rowsWanted;
        _end = proposes ? _end : _length;
        int toScore = _scoring.RowsFor(_request.TokensToScore);

        // A binding holds one number of rows read: rounds and pre-drafting without scores read as many, or each would bind anew.
        int firstNew = Sequence.Rewind(Ids, rowsWanted, rowsIfRun: _scoring.RowsFor(DraftRequest.MaxTokensToScore) + rowsWanted, fewWidths: true);
        _scoring.Begin(Math.Max(context - 1 - toScore, firstNew), context - 1);
        return RowsLeft > 0;
    }

    public override bool Read()
    {
        _scoring.Read(_request!, _selector, Sequence);
        if (RowsLeft > 0)
            return true;
        if (_length == _end)
            return false;

        int token = Choose(out float probability);
        if (!_readable.Holds(token))
            return false;

        _confidence *= probability;
        _request!.Proposal.Add(token, probability);
        if (_confidence < _request.MinimumConfidence)
            return false;

        if (_read is not null)
            _read[_length] = token;
        _text[_length++] = token;
        if (_length == _end)
            return false;

        Sequence.Rewind(Ids, rowsWanted: 1);
        return true;
    }

    public override void Fail(Exception fault) => _request!.Fail(fault);

    public override void ThrowIfCancelled() => _request!.Cancellation.ThrowIfCancellationRequested();

    public override void Dispose()
    {
        base.Dispose();
        packed.DropDisposedCaches();
    }

    // Tokens that the head does not know cannot have the largest logit, so the row need not be spread over the vocabulary.
    private int Choose(out float probability) => packed.Decoder.Signature.Vocabulary is { } vocabulary && _selector.TakesLargest
        ? vocabulary.TokenOf(_selector.Select(_length, Text, Sequence.ColumnsAfter(_length - 1), out probability))
        : _selector.Select(_length, Text, Sequence.LogitsAfter(_length - 1), out probability);

    private void EnsureRoom(int length)
    {
        if (length > _text.Length)
            _text = new int[Math.Max(length, _text.Length * 2)];
    }
}
