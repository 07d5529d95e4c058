using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Quickstart.Tests.Doubles;

/// <summary>Always guesses what <see cref="AlphabetTarget"/> will write.</summary>
internal sealed class AlphabetDraft(string name) : IDraftModel
{
    public string Name => name;

    public int ContextLength => 256;

    public IDraftSequence OpenSequence(SequenceOptions options) => new Sequence();

    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            int last = request.Context.Span[^1];
            for (int i = 1; i <= request.Length; i++)
                request.Proposal.Add((last + i) % LetterTokenizer.Vocabulary, 1);
        }
    }

    public void Dispose()
    {
    }

    private sealed class Sequence : IDraftSequence
    {
        public void Dispose()
        {
        }
    }
}
