using System.Runtime.ExceptionServices;
using Minions.Core.Drafting;
using Minions.Core.Speculation;
using Minions.Core.States;
using Minions.Core.Tokenization;
using Minions.Core.Voting;

namespace Minions.Core.Pipeline;

/// <summary>What a <see cref="SpeculativePipeline"/> is composed of.</summary>
/// <remarks>The pipeline copies the lists when it is made: later changes of them have no effect.</remarks>
public sealed class PipelineComponents
{
    /// <summary>The model whose text is generated.</summary>
    public required ITargetVerifier Target { get; init; }

    /// <summary>The drafts, at most 64, each with a name of its own. Default: none, which means plain decoding.</summary>
    public IReadOnlyList<IDraftModel> Drafts { get; init; } = [];

    /// <summary>
    /// What turns text into the target's ids. Default (<see langword="null"/>): the one that the target brings
    /// (<see cref="ITargetVerifier.Tokenizer"/>); where it brings none the pipeline speaks ids only.
    /// </summary>
    public ITextTokenizer? Tokenizer { get; init; }

    /// <summary>
    /// The ids that end a text; an empty list for none. Default (<see langword="null"/>): the target's own
    /// (<see cref="ITargetVerifier.EndTokens"/>).
    /// </summary>
    public IReadOnlyList<int>? EndTokens { get; init; }

    /// <summary>How the drafts' proposals become one chain. Default: the weighted majority of the paper.</summary>
    public IVotingPolicy VotingPolicy { get; init; } = new WeightedMajorityVote();

    /// <summary>How far to speculate. Default (<see langword="null"/>): as <see cref="SpeculationOptions.Rule"/> says.</summary>
    public ISpeculationLengthController? LengthController { get; init; }

    /// <summary>Whether target and drafts outlive the pipeline, as when two pipelines share them. Default: the pipeline disposes them.</summary>
    public bool LeaveOpen { get; init; }

    /// <summary>The drafts that run beside others whenever any runs.</summary>
    internal DraftSet FreeDrafts => DraftSet.Where(Drafts, draft => draft.IsFree);

    /// <summary>The drafts that read the target's states.</summary>
    internal DraftSet Heads => DraftSet.Where(Drafts, draft => draft.ReadsStates);

    /// <summary>The target's states where a draft reads them, else <see langword="null"/>.</summary>
    internal StateLayout? StatesRead => Drafts.Any(draft => draft.ReadsStates) ? Target.States : null;

    /// <summary>The most requests that drafts run for together.</summary>
    internal int DraftBatch => Drafts.Select(draft => draft.MaxBatchSize).Append(1).Max();

    /// <summary>What a pipeline goes by: a checked copy, out of the caller's reach, whose end tokens are named.</summary>
    /// <exception cref="ArgumentException">Something is missing or contradicts itself.</exception>
    internal PipelineComponents Settle()
    {
        ArgumentNullException.ThrowIfNull(Target);
        ArgumentNullException.ThrowIfNull(Drafts);
        ArgumentNullException.ThrowIfNull(VotingPolicy);
        var settled = new PipelineComponents
        {
            Target = Target,
            Drafts = [.. Drafts],
            Tokenizer = Tokenizer ?? Target.Tokenizer,
            EndTokens = [.. EndTokens ?? Target.EndTokens ?? throw new ArgumentException($"{nameof(Target)} {Target.GetType().Name} answers null for {nameof(EndTokens)}; an empty list stands for none.")],
            VotingPolicy = VotingPolicy,
            LengthController = LengthController,
            LeaveOpen = LeaveOpen,
        };
        settled.ValidateDrafts();
        return settled;
    }

    /// <summary>Disposes the models that end with the pipeline; one that throws keeps none of the others from it.</summary>
    /// <param name="spared">The drafts that are in use for good, one bit each.</param>
    internal void Dispose(ulong spared = 0)
    {
        if (LeaveOpen)
            return;

        var faults = new List<Exception>();
        IEnumerable<IDisposable> models = [.. Drafts.Where((_, draft) => !new DraftSet(spared).Contains(draft)), Target];
        foreach (IDisposable model in models)
        {
            try
            {
                model.Dispose();
            }
            catch (Exception fault)
            {
                faults.Add(fault);
            }
        }

        if (faults.Count == 1)
            ExceptionDispatchInfo.Throw(faults[0]);
        if (faults.Count > 1)
            throw new AggregateException("Several models failed to be disposed.", faults);
    }

    /// <summary>Why a draft cannot guess for the target, or <see langword="null"/>: a head without states would never say anything.</summary>
    internal string? FindMisfit(IDraftModel draft)
    {
        string? misfit = draft.FindMisfit(Target, Tokenizer);
        return misfit is null && draft.ReadsStates && Target.States is null
            ? $"it reads the target's states, but {Target.GetType().Name} gives none. A wrapper has to pass {nameof(ITargetVerifier.States)} on, as {nameof(DelegatingTargetVerifier)} does"
            : misfit;
    }

    private void ValidateDrafts()
    {
        if (Drafts.Count > 64)
            throw new ArgumentException($"{Drafts.Count} drafts were given; a pipeline takes at most 64.", nameof(Drafts));
        for (int i = 0; i < Drafts.Count; i++)
        {
            if (Drafts[i] is null)
                throw new ArgumentException($"Draft {i} is null. Remove it.", nameof(Drafts));
        }

        if (Drafts.GroupBy(draft => draft.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"{twice.Count()} drafts are named '{twice.Key}'; names tell drafts apart in statistics, so each needs its own.", nameof(Drafts));
        foreach (IDraftModel draft in Drafts)
        {
            if (FindMisfit(draft) is { } misfit)
                throw new ArgumentException($"Draft '{draft.Name}' does not fit the target: {misfit.TrimEnd('.')}.", nameof(Drafts));
        }
    }
}
