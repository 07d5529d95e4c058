using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Scenarios;

/// <summary>A draft that stands where another stood: it has the other's name, its context and its share of a batch.</summary>
internal abstract class StandInDraft(IDraftModel replaced) : IDraftModel
{
    public string Name => replaced.Name;

    public int ContextLength => replaced.ContextLength;

    public int MaxBatchSize => replaced.MaxBatchSize;

    protected IDraftModel Replaced => replaced;

    public abstract IDraftSequence OpenSequence(SequenceOptions options);

    public abstract void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken);

    /// <summary>Nothing: the models belong to the bench.</summary>
    public void Dispose()
    {
    }
}
