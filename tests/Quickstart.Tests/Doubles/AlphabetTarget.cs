using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Quickstart.Tests.Doubles;

/// <summary>Continues the alphabet. Unless <paramref name="exact"/>, what it writes depends on the width of its runs, as a broken model's would.</summary>
internal sealed class AlphabetTarget(bool exact = true) : ITargetVerifier
{
    private readonly float[] _logits = new float[LetterTokenizer.Vocabulary];

    public int ContextLength => 256;

    public int VocabularySize => LetterTokenizer.Vocabulary;

    public Exactness Exactness => Exactness.Guaranteed;

    public ITargetSequence OpenSequence(SequenceOptions options) => new Sequence();

    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        foreach (VerificationRequest request in batch)
        {
            int row = request.Ids.Length - request.RowsWanted;
            bool more = request.RowsWanted > 0;
            while (more)
            {
                Array.Clear(_logits);
                int step = exact || request.RowsWanted == 1 ? 1 : 2;
                _logits[(request.Ids.Span[row++] + step) % LetterTokenizer.Vocabulary] = 1;
                more = request.Choose(_logits);
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
