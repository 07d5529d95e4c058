using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>A draft that takes one request into a run, whatever it could do.</summary>
internal sealed class UnpackedDraft(IDraftModel draft) : IDraftModel
{
    public string Name => draft.Name;

    public int ContextLength => draft.ContextLength;

    public int MaxBatchSize => 1;

    public bool CanDraftAhead => draft.CanDraftAhead;

    public IDraftSequence OpenSequence(SequenceOptions options) => draft.OpenSequence(options);

    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken) => draft.Propose(batch, cancellationToken);

    /// <summary>Nothing: the models belong to the bench.</summary>
    public void Dispose()
    {
    }
}
