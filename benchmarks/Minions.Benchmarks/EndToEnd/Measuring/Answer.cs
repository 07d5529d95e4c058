using Minions.Core.Diagnostics;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>What came of a request, whoever decoded it.</summary>
/// <param name="TokenIds">The generated ids, the end token included.</param>
/// <param name="Text">What they add to the prompt, or <see langword="null"/> where they were not decoded.</param>
internal sealed record Answer(IReadOnlyList<int> TokenIds, string? Text)
{
    /// <summary>Verification rounds, or runs of the target that decode one id.</summary>
    public required int Rounds { get; init; }

    /// <summary>Ids that the rounds gave.</summary>
    public required int CommittedTokens { get; init; }

    /// <summary>Ids on the chains that were checked.</summary>
    public int DraftTokens { get; init; }

    /// <summary>Those of them that were accepted.</summary>
    public int AcceptedTokens { get; init; }

    /// <summary>Rounds that used what drafts had made of the verification before.</summary>
    public int PreDraftedRounds { get; init; }

    /// <summary>Rounds for which drafts had pre-drafted in vain.</summary>
    public int WastedPreDraftRounds { get; init; }

    /// <summary>What a pipeline answered.</summary>
    public static Answer Of(GenerationResult result)
    {
        SpeculationStatistics counted = result.Statistics;
        return new Answer(result.TokenIds, result.Text)
        {
            Rounds = counted.Rounds,
            CommittedTokens = counted.CommittedTokens,
            DraftTokens = counted.DraftTokens,
            AcceptedTokens = counted.AcceptedTokens,
            PreDraftedRounds = counted.PreDraftedRounds,
            WastedPreDraftRounds = counted.WastedPreDraftRounds,
        };
    }

    /// <summary>Whether the ids are another's.</summary>
    public bool HasIdsOf(Answer other) => TokenIds.SequenceEqual(other.TokenIds);

    /// <summary>Whether ids and text are another's.</summary>
    public bool Is(Answer other) => Text == other.Text && HasIdsOf(other);
}
