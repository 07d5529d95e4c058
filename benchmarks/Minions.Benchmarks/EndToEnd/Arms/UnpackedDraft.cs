using Minions.Core;

namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>A draft that takes one request into a run, whatever it could do. The model behind it belongs to the bench.</summary>
internal sealed class UnpackedDraft(IDraftModel draft) : DelegatingDraftModel(draft, leaveOpen: true)
{
    public override int MaxBatchSize => 1;
}
