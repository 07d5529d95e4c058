using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Benchmarks.Micro;

/// <summary>A target that computes nothing and allocates nothing, so that what is left to measure is the pipeline.</summary>
internal sealed class InstantTarget : ITargetVerifier
{
    private readonly float[] _logits = new float[InstantText.Vocabulary];

    public int ContextLength => InstantText.ContextLength;

    public int VocabularySize => InstantText.Vocabulary;

    public Exactness Exactness => Exactness.Guaranteed;

    public ITargetSequence OpenSequence(SequenceOptions options) => new Sequence();

    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        foreach (VerificationRequest request in batch)
        {
            ReadOnlySpan<int> ids = request.Ids.Span;
            for (int row = request.RowsWanted; row > 0; row--)
            {
                int next = InstantText.After(ids[^row]);
                _logits[next] = 1;
                bool wantsMore = request.Choose(_logits);
                _logits[next] = 0;
                if (!wantsMore)
                    break;
            }
        }
    }

    public void Dispose()
    {
    }

    private sealed class Sequence : ITargetSequence
    {
        public void Dispose()
        {
        }
    }
}
