using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Sampling;

namespace Minions.TestDoubles;

/// <summary>A draft that chooses from logits of its own as the library's drafts do: with the request's selector, or with another in its place.</summary>
public sealed class LogitsDraft(string name, Func<ReadOnlySpan<int>, float[]> logits, Func<SequenceOptions, TokenSelector>? choose = null) : IDraftModel
{
    public string Name => name;

    public int ContextLength { get; init; } = 1024;

    public int MaxBatchSize => 4;

    public bool SupportsPreDrafting { get; init; }

    public int OpenSequences { get; private set; }

    public IDraftSequence OpenSequence(SequenceOptions options)
    {
        OpenSequences++;
        return new Sequence(this, choose?.Invoke(options) ?? options.Selector);
    }

    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            TokenSelector selector = ((Sequence)request.Sequence).Selector;
            List<int> ids = [.. request.Context.Span];
            float confidence = 1;
            for (int i = 0; i < request.Length && confidence >= request.MinimumConfidence; i++)
            {
                int token = selector.Select(ids.Count, ids.ToArray(), logits(ids.ToArray()), out float probability);
                request.Proposal.Add(token, probability);
                confidence *= probability;
                ids.Add(token);
            }
        }
    }

    public void Dispose()
    {
    }

    private sealed class Sequence(LogitsDraft draft, TokenSelector selector) : IDraftSequence
    {
        public TokenSelector Selector => selector;

        public void Dispose() => draft.OpenSequences--;
    }
}
