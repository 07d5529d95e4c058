using Minions.Core.Drafting;
using Minions.Core.GenAI.Loading;
using Minions.Core.Generation;
using Minions.Core.Sampling;

namespace Minions.Core.GenAI.Sequences;

/// <summary>One request's text in a draft. A draft makes no promise about its numbers, so its runs may be one row wide.</summary>
internal sealed class GenAIDraftSequence(GenAIModel model, SequenceOptions options) : IDraftSequence, IReusableSequence
{
    // Rows whose logits are copied for scores: 16 of 65 536, 64 of 16 384.
    private const int MaxScoredLogits = 1 << 20;

    private readonly GenAISequence _sequence = new(model, options, bitIdentical: false);
    private readonly List<int> _text = [];
    private TokenSelector _selector = options.Selector;

    // The text as the draft can read it: another id in place of each that it has no embedding of.
    private readonly List<int> _readable = [];

    public void Reopen(SequenceOptions options)
    {
        _selector = options.Selector;
        _sequence.Reopen(options, bitIdentical: false);
    }

    public int Reusable(int shared, int textLength) => _sequence.Reusable(shared, textLength);

    /// <summary>Continues a request's text, and scores what it takes in.</summary>
    public void Propose(DraftRequest request, CancellationToken cancellationToken)
    {
        int context = request.Context.Length;
        int room = model.Configuration.UsableLength;
        int end = Math.Min(context + request.Length, room);
        bool proposes = context < end;
        if (!proposes && (context > room || request.TokensToScore == 0))
            return;

        SetText(request.Context.Span);
        TakeIn(request, proposes, cancellationToken);
        if (proposes)
            Continue(request, end, cancellationToken);
    }

    public void Dispose() => _sequence.Dispose();

    private ReadOnlySpan<int> Text => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_text);

    private ReadOnlySpan<int> Readable => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_readable);

    // The logits behind the last id are about the one that follows the text: only a proposal needs them.
    private void TakeIn(DraftRequest request, bool proposes, CancellationToken cancellationToken)
    {
        int last = _text.Count - 1;
        int toScore = model.Rows == RowOutput.Last ? 0 : Math.Min(request.TokensToScore, MaxScoredLogits / model.Configuration.VocabularySize);
        int rowsWanted = proposes ? 1 : 0;
        ReadOnlySpan<int> taken = Readable[..(last + rowsWanted)];
        int firstNew = _sequence.Begin(taken, rowsWanted, toScore + rowsWanted);
        int next = Math.Max(last - toScore, firstNew);
        while (RunChunk(request, taken, cancellationToken))
        {
            for (; next < last && next < _sequence.Length; next++)
                request.Score(_selector.Select(next + 1, Text[..(next + 1)], _sequence.LogitsAfter(next)) == _text[next + 1]);
        }
    }

    private void Continue(DraftRequest request, int end, CancellationToken cancellationToken)
    {
        float confidence = 1;
        while (true)
        {
            int token = _selector.Select(_text.Count, Text, _sequence.LogitsAfter(_text.Count - 1), out float probability);
            if (!IsReadable(token))
                return;

            confidence *= probability;
            request.Proposal.Add(token, probability);
            _text.Add(token);
            _readable.Add(token);
            if (confidence < request.MinimumConfidence || _text.Count == end)
                return;

            _sequence.Begin(Readable, rowsWanted: 1);
            RunChunk(request, Readable, cancellationToken);
        }
    }

    private bool RunChunk(DraftRequest request, ReadOnlySpan<int> ids, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        request.Cancellation.ThrowIfCancellationRequested();
        return _sequence.RunChunk(ids);
    }

    private void SetText(ReadOnlySpan<int> context)
    {
        int same = Text.CommonPrefixLength(context);
        _text.RemoveRange(same, _text.Count - same);
        _readable.RemoveRange(same, _readable.Count - same);
        foreach (int id in context[same..])
        {
            _text.Add(id);
            _readable.Add(IsReadable(id) ? id : model.EndTokens.FirstOrDefault(IsReadable));
        }
    }

    private bool IsReadable(int id) => (uint)id < (uint)model.Configuration.VocabularySize;
}
