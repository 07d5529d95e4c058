using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Heads;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.Sampling;
using Minions.Core.States;

namespace Minions.Core.OnnxRuntime;

/// <summary>
/// One request's text in a head. Entry e of its cache joins the target's state at position <c>origin + e</c> with the id at <c>origin + e + 1</c>, and so
/// guesses the id behind that; the entries of a chain have the head's own state in its place and are forgotten when the round is over.
/// </summary>
internal sealed class OnnxHeadSequence : BatchItem, IDraftSequence, IReusableSequence, IRowInputs
{
    private readonly LoadedHead _head;
    private readonly JoinedRows _rows;
    private readonly DraftScoring _scoring;
    private readonly PartFrame? _matrix;
    private TokenSelector _selector;
    private DraftRequest? _request;
    private int[] _text;

    // The text up to where it is run, and how far it may be continued.
    private int _length;
    private int _end;

    // The position of the first state that was read, and how many entries were made of states.
    private int _origin;
    private int _made;
    private int _entries;
    private float _confidence;

    public OnnxHeadSequence(LoadedHead head, SequenceOptions options)
        : base(new OnnxSequence(head.Packed.Decoder.OpenCache(options.ExpectedLength), bitIdentical: false, options.ExpectedLength))
    {
        _head = head;
        _selector = options.Selector;
        _rows = new JoinedRows(head, options.States);
        _matrix = head.Parts.Matrix is { } matrix ? new PartFrame(matrix) : null;
        _scoring = new DraftScoring(head.Packed.Decoder.Signature);
        _text = new int[OnnxSequence.RoomFor(options.ExpectedLength)];
        Sequence.Cache.RowInputs = this;
    }

    public override ReadOnlySpan<int> Ids => _text.AsSpan(_origin + 1, _length - _origin - 1);

    public void Reopen(SequenceOptions options) => _selector = options.Selector;

    /// <summary>Sets this round's request.</summary>
    public OnnxHeadSequence For(DraftRequest request)
    {
        _request = request;
        return this;
    }

    public override bool Begin()
    {
        ReadOnlySpan<int> context = _request!.Context.Span;
        // Without the state behind the last id but one there is nothing to go by.
        if (_request.States is not { } states || states.End != context.Length - 1 || states.Start == states.End)
            return false;

        int kept = Kept(context);
        EnsureRoom(context.Length + _request.Length);
        context.CopyTo(_text);
        (_length, _end) = (context.Length, context.Length + _request.Length);
        _confidence = 1;
        _rows.Read(states);
        return TryTakeIn(kept, states);
    }

    public override bool Read()
    {
        _made = Math.Min(_entries, Sequence.Ids.Length);
        _scoring.Read(_request!, _selector, Sequence, shift: _origin + 1);
        if (RowsLeft > 0)
            return true;
        if (_length >= _end)
            return false;

        int token = Choose(out float probability);
        _confidence *= probability;
        _request!.Proposal.Add(token, probability);
        if (_confidence < _request.MinimumConfidence || _length + 1 >= _end)
            return false;

        _rows.Recycle(Sequence);
        _text[_length++] = token;
        Sequence.Rewind(Ids, rowsWanted: 1);
        return true;
    }

    public void Write(int input, int start, int rows, Span<byte> memory) => _rows.Write(input, Ids.Slice(start, rows), _origin + start, _entries - start, memory);

    public override void Fail(Exception fault) => _request!.Fail(fault);

    public override void ThrowIfCancelled() => _request!.Cancellation.ThrowIfCancellationRequested();

    public override void Dispose()
    {
        base.Dispose();
        _rows.Dispose();
        _matrix?.Dispose();
        _head.Packed.DropDisposedCaches();
    }

    // The entries made of states that are this text's, too: of a state all ids before it are part, not only those that the head has read.
    private int Kept(ReadOnlySpan<int> context)
    {
        int before = _origin + 1;
        if (_made == 0 || context.Length <= before || !context[..before].SequenceEqual(_text.AsSpan(0, before)))
            return 0;
        return Sequence.Ids[..Math.Min(_made, Sequence.Ids.Length)].CommonPrefixLength(context[before..]);
    }

    // Where states that are missing are no longer kept, or the text has outgrown the head, it begins anew with the oldest that are kept.
    private bool TryTakeIn(int kept, TargetStates states)
    {
        int room = _head.Packed.Decoder.Folder.ContextLength - _request!.Length;
        if (kept == 0 || _origin + kept < states.Start || _length - 1 - _origin > room)
            (_origin, kept) = (Math.Max(states.Start, _length - 1 - room), 0);
        _entries = _length - 1 - _origin;
        Sequence.Keep(_made = Math.Max(0, Math.Min(kept, _entries - 1)));
        if (_entries < 1 || _origin < 0)
            return false;

        // Memory of a device loses its entries when it grows, so it grows for the whole chain at once.
        int left = Sequence.Cache.Reserve(_entries + _request.Length, _made);
        if (left < _made)
            return TryTakeIn(left, states);

        // The last entry was run again where it was run before: the chain goes on from its state. Rows of a head without logits of its own would have to go
        // through the target's head matrix one by one.
        int toScore = _matrix is null ? _scoring.RowsFor(_request.TokensToScore) : 0;
        Sequence.Rewind(Ids, rowsWanted: 1, rowsIfRun: toScore + 1);
        _scoring.Begin(Math.Max(_entries - 1 - toScore, _made), _entries - 1);
        return true;
    }

    private int Choose(out float probability)
    {
        int last = Sequence.Ids.Length - 1;
        ReadOnlySpan<int> text = _text.AsSpan(0, _length);
        if (_matrix is not null)
            return _selector.Select(_length, text, _matrix.Logits(Sequence.LogitsAfter(last)), out probability);
        return _head.Packed.Decoder.Signature.Vocabulary is { } vocabulary && _selector.TakesLargest
            ? vocabulary.TokenOf(_selector.Select(_length, text, Sequence.ColumnsAfter(last), out probability))
            : _selector.Select(_length, text, Sequence.LogitsAfter(last), out probability);
    }

    private void EnsureRoom(int length)
    {
        if (length > _text.Length)
            _text = new int[Math.Max(length, _text.Length * 2)];
    }
}
