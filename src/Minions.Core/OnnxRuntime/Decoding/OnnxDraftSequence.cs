using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Sampling;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>One request's text in a draft. A draft makes no promise about its numbers, so its runs may be one row wide.</summary>
internal sealed class OnnxDraftSequence(OnnxDecoder decoder, SequenceOptions options) : IDraftSequence, IReusableSequence
{
    private readonly OnnxSequence _sequence = new(decoder.OpenCache(options.ExpectedLength), bitIdentical: false);
    private TokenSelector _selector = options.Selector;
    private int[] _text = new int[256];

    public void Reopen(SequenceOptions options) => _selector = options.Selector;

    public void Propose(DraftRequest request, CancellationToken cancellationToken)
    {
        int length = request.Context.Length;
        int end = Math.Min(length + request.Length, decoder.Folder.ContextLength);
        EnsureRoom(end);
        request.Context.Span.CopyTo(_text);

        float confidence = 1;
        while (length < end)
        {
            ReadOnlySpan<int> ids = _text.AsSpan(0, length);
            Feed(ids, request.Cancellation, cancellationToken);
            int token = _selector.Select(length, ids, _sequence.LogitsAfter(length - 1), out float probability);
            confidence *= probability;
            if (confidence < request.MinimumConfidence)
                return;

            request.Proposal.Add(token, probability);
            _text[length++] = token;
        }
    }

    public void Dispose() => _sequence.Dispose();

    private void Feed(ReadOnlySpan<int> ids, CancellationToken requestCancellation, CancellationToken cancellationToken)
    {
        _sequence.Rewind(ids, rowsWanted: 1);
        while (_sequence.RunChunk(ids))
        {
            requestCancellation.ThrowIfCancellationRequested();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void EnsureRoom(int length)
    {
        if (length > _text.Length)
            _text = new int[Math.Max(length, _text.Length * 2)];
    }
}
