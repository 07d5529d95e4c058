using Minions.Core.Generation;

namespace Minions.Core.Drafting.Ngram;

/// <summary>One request's text and what is known about guesses in it.</summary>
internal sealed class NgramSequence : IDraftSequence
{
    private const int FirstCapacity = 256;
    private const int MostExpected = 1 << 20;

    private readonly NgramDraft _draft;
    private readonly SuffixIndex _index;
    private readonly HitRates _hitRates;
    private readonly Continuations _continuations = new();
    private readonly int[] _pending = new int[GenerationOptions.MaximumSpeculationLength];
    private int _pendingAt;
    private int _pendingCount;
    private int _outputStart = -1;
    private bool _isDisposed;

    public NgramSequence(NgramDraft draft, SequenceOptions options)
    {
        _draft = draft;
        _hitRates = new HitRates(draft.HitRates.Expected, draft.PriorStrength);

        // A proposal may reach beyond the end of the request, which the pipeline then cuts.
        int expected = Math.Clamp(options.ExpectedLength, FirstCapacity, MostExpected);
        _index = new SuffixIndex(draft.MinMatchLength, expected + GenerationOptions.MaximumSpeculationLength);
    }

    public void Propose(DraftRequest request)
    {
        ReadOnlySpan<int> context = request.Context.Span;
        int held = _index.Ids.CommonPrefixLength(context);
        Learn(context, held);
        _index.Truncate(held);
        TakeIn(request, context, held);

        // The pipeline asks for the first time when the target has added an id to the prompt.
        _outputStart = _outputStart < 0 ? context.Length - 1 : Math.Min(_outputStart, held);
        _index.EnsureRoom(context.Length + request.Length);
        Propose(request, _index.Ids);
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        _draft.HitRates.Absorb(_hitRates);
        if (_outputStart >= 0)
            _draft.Pool?.Add(_index.Ids[_outputStart..]);
    }

    private void TakeIn(DraftRequest request, ReadOnlySpan<int> context, int held)
    {
        int firstScored = Math.Max(held, context.Length - request.TokensToScore);
        _index.Append(context[held..firstScored]);
        for (int i = firstScored; i < context.Length; i++)
        {
            request.Score(GuessAfter(_index.Ids)?.Token == context[i]);
            _index.Append(context.Slice(i, 1));
        }
    }

    private Guess? GuessAfter(ReadOnlySpan<int> text)
    {
        _continuations.Clear();
        _index.Collect(text, text.Length, _continuations);
        _draft.Pool?.Collect(text, _continuations);
        return _continuations.Choose();
    }

    private void Propose(DraftRequest request, ReadOnlySpan<int> text)
    {
        (_pendingAt, _pendingCount) = (text.Length, 0);
        float confidence = 1;
        for (int i = 0; i < request.Length; i++)
        {
            if (GuessAfter(text) is not { } guess)
                return;

            float probability = _hitRates.Of(guess.Evidence);
            request.Proposal.Add(guess.Token, probability);
            if (i < _pending.Length)
                _pending[_pendingCount++] = guess.Evidence;
            text = _index.Suppose(i, guess.Token);
            confidence *= probability;
            if (confidence < request.MinimumConfidence)
                return;
        }
    }

    // A guess tells something only where the guesses before it were right, which is also what its probability was given for.
    private void Learn(ReadOnlySpan<int> context, int held)
    {
        if (held < _pendingAt)
            return;

        bool wasRight = true;
        for (int i = 0; wasRight && i < _pendingCount && _pendingAt + i < context.Length; i++)
        {
            wasRight = _index.Supposed(_pendingAt + i) == context[_pendingAt + i];
            _hitRates.Observe(_pending[i], wasRight);
        }
    }
}
