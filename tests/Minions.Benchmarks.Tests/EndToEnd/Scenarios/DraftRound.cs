using CsCheck;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Benchmarks.Tests.EndToEnd.Scenarios;

/// <summary>What a draft is asked for.</summary>
internal sealed record DraftRound(int[] Context, int Length, float MinimumConfidence = 0)
{
    public static Gen<DraftRound> Any { get; } =
        Gen.Select(Gen.Int[1, 30], Gen.Int[0, 20], Gen.Float[0, 0.99f], (context, length, confidence) => new DraftRound([.. Enumerable.Range(0, context)], length, confidence));

    /// <summary>Prepares it with a sequence of its own.</summary>
    public DraftRequest Open(IDraftModel draft)
    {
        var request = new DraftRequest(draft.OpenSequence(new SequenceOptions()));
        request.Prepare(Context, Length, MinimumConfidence);
        return request;
    }

    public Proposal Ask(IDraftModel draft)
    {
        DraftRequest request = Open(draft);
        draft.Propose([request], CancellationToken.None);
        return request.Proposal;
    }

    /// <summary>Whether a proposal ends where a draft has to: at the length, or with the first id that brings the product below the least confidence.</summary>
    public bool EndsAsAsked(ReadOnlySpan<float> probabilities)
    {
        float product = 1;
        int end = 0;
        while (end < probabilities.Length && product >= MinimumConfidence)
            product *= probabilities[end++];
        return end == probabilities.Length && (end == Length || product < MinimumConfidence);
    }
}
