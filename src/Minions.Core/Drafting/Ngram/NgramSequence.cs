using Minions.Core.Generation;

namespace Minions.Core.Drafting.Ngram;

/// <summary>One request's text and what is known about guesses in it.</summary>
internal sealed class NgramSequence : IDraftSequence
{
    private const int FirstCapacity = 256;
    private const int MostExpected = 1 << 20;

    private readonly NgramDraft _draft;
    private readonly SuffixIndex _index;
    private readonly SuffixIndex? _references;
    private readonly PooledOutputs? _pooled;
    private readonly HitRates _hitRates;
    private readonly Continuations _continuations = new();
    private readonly Guess[] _pending = new Guess[GenerationOptions.MaximumSpeculationLength];
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
        _references = options.References.Count == 0 ? null : IndexOf(options.References, draft.MinMatchLength);
        _pooled = draft.Pool?.Open(draft.SharesPoolAcrossKeys ? null : options.CacheKey);
    }

    public void Propose(DraftRequest request)
    {
        if (request.SupposedTokens > 0)
            Continue(request);
        else
            ProposeNext(request);
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        _draft.HitRates.Absorb(_hitRates);
        if (_pooled is not null)
            _draft.Pool!.Close(_pooled, _outputStart < 0 ? [] : _index.Ids[_outputStart..]);
    }

    private static SuffixIndex IndexOf(IReadOnlyList<ReadOnlyMemory<int>> texts, int shortest)
    {
        var index = new SuffixIndex(shortest, texts.Sum(text => text.Length + 1));
        foreach (ReadOnlyMemory<int> text in texts)
        {
            index.Append(text.Span);
            index.Append([SuffixIndex.Separator]);
        }

        return index;
    }

    private void ProposeNext(DraftRequest request)
    {
        ReadOnlySpan<int> context = request.Context.Span;
        int held = _index.Ids.CommonPrefixLength(context);
        Learn(context, held);
        _index.Truncate(held);
        TakeIn(request, context, held);

        // The pipeline asks for the first time when the target has added an id to the prompt.
        _outputStart = _outputStart < 0 ? context.Length - 1 : Math.Min(_outputStart, held);
        _index.EnsureRoom(context.Length + request.Length);
        (_pendingAt, _pendingCount) = (context.Length, GuessOn(request, _index.Ids, _pending));
    }

    // Behind ids that are only supposed. They are searched for like the text but not taken in, and nothing is learnt of the guesses: what was guessed
    // when the draft was asked for the vote stays what the next round tells about.
    private void Continue(DraftRequest request)
    {
        ReadOnlySpan<int> context = request.Context.Span;
        int certain = context.Length - request.SupposedTokens;
        if (!_index.Ids.SequenceEqual(context[..certain]))
            return;

        _index.EnsureRoom(context.Length + request.Length);
        ReadOnlySpan<int> text = _index.Ids;
        for (int i = certain; i < context.Length; i++)
            text = _index.Suppose(i - certain, context[i]);
        GuessOn(request, text, kept: []);
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
        _references?.Collect(text, _references.Count, _continuations);
        _pooled?.Collect(text, _continuations);
        return _continuations.Choose();
    }

    // Returns how many guesses were kept.
    private int GuessOn(DraftRequest request, ReadOnlySpan<int> text, Span<Guess> kept)
    {
        int count = 0;
        float confidence = 1;
        while (request.Proposal.Count < request.Length && confidence >= request.MinimumConfidence && GuessAfter(text) is { } guess)
        {
            float probability = _hitRates.Of(guess.Evidence);
            request.Proposal.Add(guess.Token, probability);
            if (count < kept.Length)
                kept[count++] = guess;
            text = _index.Suppose(text.Length - _index.Count, guess.Token);
            confidence *= probability;
        }

        return count;
    }

    // A guess tells something only where the guesses before it were right, which is also what its probability was given for.
    private void Learn(ReadOnlySpan<int> context, int held)
    {
        if (held < _pendingAt)
            return;

        bool wasRight = true;
        for (int i = 0; wasRight && i < _pendingCount && _pendingAt + i < context.Length; i++)
        {
            wasRight = _pending[i].Token == context[_pendingAt + i];
            _hitRates.Observe(_pending[i].Evidence, wasRight);
        }
    }
}
