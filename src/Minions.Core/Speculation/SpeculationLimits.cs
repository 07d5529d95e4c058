using Minions.Core.Drafting;

namespace Minions.Core.Speculation;

/// <summary>What a request allows its controller to plan.</summary>
public readonly struct SpeculationLimits
{
    /// <summary>The least number of ids a round proposes, 0 or more, default 0. The end of the request may still cut a round shorter.</summary>
    public int Minimum { get; init; }

    /// <summary>The most ids a round proposes, at least <see cref="Minimum"/>.</summary>
    public required int Maximum { get; init; }

    /// <summary>The number of drafts the pipeline has, at most 64.</summary>
    public required int Drafts { get; init; }

    /// <summary>The most requests that the drafts run for together; 0, the default, for any number.</summary>
    public int DraftBatchSize { get; init; }

    /// <summary>Whether every draft runs in every round that drafts, so that there is no set to choose. Default: no.</summary>
    public bool RunsAllDrafts { get; init; }

    /// <summary>The drafts that run beside others whenever any runs, see <see cref="IDraftModel.IsFree"/>. Default: none.</summary>
    public DraftSet FreeDrafts { get; init; }

    /// <summary>The drafts that read the target's states, see <see cref="IDraftModel.ReadsStates"/>. Default: none.</summary>
    public DraftSet Heads { get; init; }

    /// <summary>
    /// For each draft what is known beforehand, see <see cref="IDraftModel.ExpectedAgreement"/>; <see langword="null"/>, the default, for nothing.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>>? ExpectedAgreement { get; init; }
}
