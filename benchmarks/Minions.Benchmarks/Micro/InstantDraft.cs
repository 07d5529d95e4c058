using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Benchmarks.Micro;

/// <summary>A draft that is always right, at once.</summary>
internal sealed class InstantDraft(string name) : IDraftModel
{
    public string Name => name;

    public int ContextLength => InstantText.ContextLength;

    public bool HeedsCancellation => true;

    public IDraftSequence OpenSequence(SequenceOptions options) => new Sequence();

    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            int id = request.Context.Span[^1];
            for (int i = 0; i < request.Length; i++)
                request.Proposal.Add(id = InstantText.After(id), 1);
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
