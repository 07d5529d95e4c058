using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Core.Tests.Tabular;

/// <summary>A draft whose next id is any function of the ids before it: right, wrong, random or throwing.</summary>
internal sealed class TabularDraft(string name, Func<ReadOnlySpan<int>, int> next, int contextLength = 1024) : IDraftModel
{
    public string Name => name;

    public int ContextLength => contextLength;

    public int OpenSequences { get; private set; }

    public int Proposals { get; private set; }

    public bool IsDisposed { get; private set; }

    public IDraftSequence OpenSequence(SequenceOptions options)
    {
        OpenSequences++;
        return new Sequence(this);
    }

    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            Proposals++;
            List<int> ids = [.. request.Context.Span];
            for (int i = 0; i < request.Length; i++)
            {
                int token = next(ids.ToArray());
                request.Proposal.Add(token);
                ids.Add(token);
            }
        }
    }

    public void Dispose() => IsDisposed = true;

    private sealed class Sequence(TabularDraft draft) : IDraftSequence
    {
        public void Dispose() => draft.OpenSequences--;
    }
}
