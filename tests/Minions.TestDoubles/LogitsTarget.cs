using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Sampling;
using Minions.Core.Verification;

namespace Minions.TestDoubles;

/// <summary>A target whose logits are a pure function of the ids before them, so that the exact distribution of its texts is known.</summary>
public sealed class LogitsTarget(Func<ReadOnlySpan<int>, float[]> logits, int vocabularySize) : ITargetVerifier
{
    public int ContextLength => 1024;

    public int VocabularySize => vocabularySize;

    public Exactness Exactness => Exactness.Guaranteed;

    public int MaxBatchSize => 4;

    public int OpenSequences { get; private set; }

    public ITargetSequence OpenSequence(SequenceOptions options)
    {
        OpenSequences++;
        return new Sequence(this);
    }

    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        foreach (VerificationRequest request in batch)
        {
            for (int row = request.RowsWanted; row > 0; row--)
            {
                if (!request.Choose(logits(request.Ids.Span[..(request.Ids.Length - row + 1)])))
                    break;
            }
        }
    }

    public void Dispose()
    {
    }

    /// <summary>What plain decoding has to give.</summary>
    public List<int> Decode(IReadOnlyList<int> prompt, SamplingOptions options, int count)
    {
        TokenSelector selector = TokenSelector.Create(options, prompt.Count);
        List<int> ids = [.. prompt];
        for (int i = 0; i < count; i++)
            ids.Add(selector.Select(ids.Count, ids.ToArray(), logits(ids.ToArray())));
        return ids[prompt.Count..];
    }

    private sealed class Sequence(LogitsTarget target) : ITargetSequence
    {
        public void Dispose() => target.OpenSequences--;
    }
}
