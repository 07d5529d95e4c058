using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Speculation;

namespace Minions.Core.Pipeline;

/// <summary>The request that a pipeline runs for itself when its models are loaded.</summary>
internal sealed class WarmUp
{
    /// <summary>Models with a shorter context than this are left as they are.</summary>
    public const int MinContext = 64;

    private const int PromptLength = 32;
    private const int MaxTokens = 448;

    public WarmUp(PipelineComponents components, PolicyKnowledge knowledge)
    {
        ITargetVerifier target = components.Target;

        // Ids spread over the vocabulary, the same on every machine.
        Prompt = [.. Enumerable.Range(1, PromptLength).Select(i => (int)(i * 2654435761L % target.VocabularySize))];
        DraftSet drafts = default;
        for (int i = 0; i < components.Drafts.Count; i++)
            drafts = components.Drafts[i].WantsWarmUp ? drafts.With(i) : drafts;
        Options = new GenerationOptions
        {
            MaxOutputTokens = drafts.IsEmpty ? PromptLength : Math.Min(MaxTokens, target.ContextLength - PromptLength),
            IgnoreEndToken = true,
            Speculate = !drafts.IsEmpty,
        };

        // What this text teaches about acceptance is worth nothing.
        Knowledge = new PolicyKnowledge(
            knowledge.Drafts, knowledge.Voting, new WarmUpController(knowledge.Selection, drafts), knowledge.Weighting, runsAllDrafts: false, knowledge.DraftBatchSize);
    }

    public int[] Prompt { get; }

    public GenerationOptions Options { get; }

    /// <summary>What its rounds are decided by.</summary>
    public PolicyKnowledge Knowledge { get; }
}
