using System.Collections.Concurrent;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Core.PublicApi.Tests;

/// <summary>A target from outside the library: the next id is the last one plus one, up to the vocabulary's end.</summary>
internal sealed class CountingTarget : ITargetVerifier
{
    public const int Vocabulary = 100;

    public int ContextLength => 64;

    public int VocabularySize => Vocabulary;

    public Exactness Exactness => Exactness.Guaranteed;

    /// <summary>What its sequences were opened with.</summary>
    public ConcurrentQueue<SequenceOptions> Opened { get; } = [];

    public ITargetSequence OpenSequence(SequenceOptions options)
    {
        Opened.Enqueue(options);
        return new Sequence();
    }

    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        foreach (VerificationRequest request in batch)
        {
            ReadOnlySpan<int> ids = request.Ids.Span;
            bool wanted = request.RowsWanted > 0;
            for (int position = ids.Length - request.RowsWanted; wanted; position++)
            {
                var logits = new float[Vocabulary];
                logits[(ids[position] + 1) % Vocabulary] = 1;
                wanted = request.Choose(logits);
            }
        }
    }

    public void Dispose()
    {
    }

    private sealed class Sequence : ITargetSequence
    {
        public void Dispose()
        {
        }
    }
}

/// <summary>A draft from outside the library that counts by a step of its own.</summary>
internal sealed class CountingDraft(string name, int step) : IDraftModel
{
    public string Name => name;

    public int ContextLength => 64;

    /// <summary>What its sequences were opened with.</summary>
    public ConcurrentQueue<SequenceOptions> Opened { get; } = [];

    public IDraftSequence OpenSequence(SequenceOptions options)
    {
        Opened.Enqueue(options);
        return new Sequence();
    }

    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            int last = request.Context.Span[^1];
            for (int i = 1; i <= request.Length; i++)
                request.Proposal.Add((last + (i * step)) % CountingTarget.Vocabulary, probability: 0.5f);
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
