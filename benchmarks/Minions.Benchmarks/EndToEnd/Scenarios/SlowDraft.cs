using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Scenarios;

/// <summary>Proposes what another draft does, only later. Requests of a batch share the runs, so they share the wait.</summary>
/// <param name="replaced">The draft that proposes.</param>
/// <param name="delay">How much longer each id takes.</param>
/// <param name="wait">Lets time pass.</param>
internal sealed class SlowDraft(IDraftModel replaced, TimeSpan delay, Action<TimeSpan> wait) : StandInDraft(replaced)
{
    /// <summary>How much longer each id takes.</summary>
    public TimeSpan Delay => delay;

    public override IDraftSequence OpenSequence(SequenceOptions options) => Inner.OpenSequence(options);

    public override void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        Inner.Propose(batch, cancellationToken);
        int runs = 0;
        foreach (DraftRequest request in batch)
            runs = Math.Max(runs, request.Proposal.Count);
        for (int i = 0; i < runs; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            wait(delay);
        }
    }
}
