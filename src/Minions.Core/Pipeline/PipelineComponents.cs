using Minions.Core.Drafting;
using Minions.Core.Speculation;
using Minions.Core.Tokenization;
using Minions.Core.Voting;

namespace Minions.Core.Pipeline;

/// <summary>What a <see cref="SpeculativePipeline"/> is composed of.</summary>
public sealed class PipelineComponents
{
    /// <summary>The speculation length that pays on most machines for small drafts: what a fixed length is where none is given.</summary>
    public const int DefaultSpeculationLength = 3;

    /// <summary>The model whose text is generated.</summary>
    public required ITargetVerifier Target { get; init; }

    /// <summary>The drafts, at most 64, each with a name of its own. Default: none, which means plain decoding.</summary>
    public IReadOnlyList<IDraftModel> Drafts { get; init; } = [];

    /// <summary>The target's tokenizer, or <see langword="null"/> for a pipeline that speaks ids only.</summary>
    public ITextTokenizer? Tokenizer { get; init; }

    /// <summary>The ids that end a text. Default: none.</summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>How the drafts' proposals become one chain. Default: the weighted majority of the paper.</summary>
    public IVotingPolicy VotingPolicy { get; init; } = new WeightedMajorityVote();

    /// <summary>How far to speculate. Default: as far as it pays.</summary>
    public ISpeculationLengthController LengthController { get; init; } = new GoodputSpeculationLength();

    /// <summary>Whether target and drafts outlive the pipeline, as when two pipelines share them. Default: the pipeline disposes them.</summary>
    public bool LeaveOpen { get; init; }

    /// <summary>The most requests that drafts run for together.</summary>
    internal int DraftBatch => Drafts.Select(draft => draft.MaxBatchSize).Append(1).Max();

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Target);
        ArgumentNullException.ThrowIfNull(Drafts);
        ArgumentNullException.ThrowIfNull(EndTokens);
        ArgumentNullException.ThrowIfNull(VotingPolicy);
        ArgumentNullException.ThrowIfNull(LengthController);
        if (Drafts.Count > 64)
            throw new ArgumentException($"{Drafts.Count} drafts were given; a pipeline takes at most 64.", nameof(Drafts));
        if (Drafts.GroupBy(draft => draft.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"{twice.Count()} drafts are named '{twice.Key}'; names tell drafts apart in statistics, so each needs its own.", nameof(Drafts));
    }

    /// <summary>Disposes the models that end with the pipeline.</summary>
    /// <param name="spared">The drafts that are in use for good, one bit each.</param>
    internal void Dispose(ulong spared = 0)
    {
        if (LeaveOpen)
            return;

        for (int i = 0; i < Drafts.Count; i++)
        {
            if (!new DraftSet(spared).Contains(i))
                Drafts[i].Dispose();
        }

        Target.Dispose();
    }
}
