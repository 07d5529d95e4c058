using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Benchmarks.Tests.EndToEnd.Scenarios;

/// <summary>A draft that proposes some ids of the same probability, as many as it likes.</summary>
internal sealed class ScriptedDraft(Func<DraftRequest, int> howMany, float probability = 0.5f) : IDraftModel
{
    public string Name => "scripted";

    public int ContextLength => 77;

    public int MaxBatchSize => 5;

    public IDraftSequence OpenSequence(SequenceOptions options) => new Sequence();

    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            for (int i = 0; i < howMany(request); i++)
                request.Proposal.Add(i, probability);
        }
    }

    public void Dispose() => throw new InvalidOperationException("The models belong to the bench.");

    private sealed class Sequence : IDraftSequence
    {
        public void Dispose()
        {
        }
    }
}
