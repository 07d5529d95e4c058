using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Core.Tests.Tabular;

/// <summary>
/// A target whose next id is a pure function of the ids before it, so that tests know the whole truth. Like a real one it keeps what was
/// run; unlike a real one it can be told to fail or to wait.
/// </summary>
internal sealed class TabularTarget(Func<ReadOnlySpan<int>, int> next, int vocabularySize = 16, int contextLength = 1024) : ITargetVerifier
{
    public int ContextLength => contextLength;

    public int VocabularySize => vocabularySize;

    public Exactness Exactness => Exactness.Guaranteed;

    public int MaxBatchSize { get; init; } = 1;

    /// <summary>Called before each verification; may throw or block.</summary>
    public Action<VerificationRequest> BeforeVerify { get; init; } = _ => { };

    /// <summary>Whether its sequences can serve one request after another.</summary>
    public bool IsReusable { get; init; }

    public int OpenSequences { get; private set; }

    /// <summary>How often a sequence was reopened under another cache key than its own.</summary>
    public int MixedKeys { get; private set; }

    public int Verifications { get; private set; }

    public bool IsDisposed { get; private set; }

    public ITargetSequence OpenSequence(SequenceOptions options)
    {
        OpenSequences++;
        return IsReusable ? new ReusableSequence(this, options.CacheKey) : new Sequence(this);
    }

    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        foreach (VerificationRequest request in batch)
        {
            Verifications++;
            BeforeVerify(request);
            var logits = new float[vocabularySize];
            for (int row = request.RowsWanted; row > 0; row--)
            {
                Array.Fill(logits, -1);
                logits[next(request.Ids.Span[..(request.Ids.Length - row + 1)])] = 1;
                if (!request.Choose(logits))
                    break;
            }
        }
    }

    public void Dispose() => IsDisposed = true;

    /// <summary>What plain decoding has to give: the promise every other way of decoding is held to.</summary>
    public List<int> Decode(IReadOnlyList<int> prompt, int count)
    {
        List<int> ids = [.. prompt];
        for (int i = 0; i < count; i++)
            ids.Add(next(ids.ToArray()));
        return ids[prompt.Count..];
    }

    private class Sequence(TabularTarget target) : ITargetSequence
    {
        public void Dispose() => target.OpenSequences--;
    }

    private sealed class ReusableSequence(TabularTarget target, string? cacheKey) : Sequence(target), IReusableSequence
    {
        private readonly TabularTarget _target = target;

        public void Reopen(SequenceOptions options) => _target.MixedKeys += options.CacheKey == cacheKey ? 0 : 1;
    }
}
