using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Scenarios;

/// <summary>Proposes at once what the target wrote there; nothing behind a text that it never wrote.</summary>
internal sealed class PerfectDraft(IDraftModel replaced, ReferenceTexts texts) : StandInDraft(replaced)
{
    /// <summary>Nearly sure, as a draft may be that is never wrong.</summary>
    public const float Probability = 0.99f;

    public override IDraftSequence OpenSequence(SequenceOptions options) => new Sequence();

    public override void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            ReadOnlySpan<int> next = texts.After(request.Context.Span);
            float confidence = 1;
            for (int i = 0; i < Math.Min(request.Length, next.Length) && confidence >= request.MinimumConfidence; i++)
            {
                request.Proposal.Add(next[i], Probability);
                confidence *= Probability;
            }
        }
    }

    private sealed class Sequence : IDraftSequence
    {
        public void Dispose()
        {
        }
    }
}
