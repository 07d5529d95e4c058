using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Scenarios;

/// <summary>
/// A draft that stands where another stood: it has the other's name, its context, its share of a batch and its threads. It pre-drafts nothing:
/// what is measured is how lengths and panels meet such drafts. The model behind it belongs to the bench.
/// </summary>
internal abstract class StandInDraft(IDraftModel replaced) : DelegatingDraftModel(replaced, leaveOpen: true)
{
    public sealed override bool SupportsPreDrafting => false;

    public abstract override IDraftSequence OpenSequence(SequenceOptions options);

    public abstract override void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken);
}
