using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Speculation;

namespace Minions.Core.Pipeline;

/// <summary>The request by which a pipeline finds out whether target and drafts still answer.</summary>
internal sealed class HealthRun
{
    // The prefill gives the first id, and a round with a chain of one id two at most.
    private const int Tokens = 3;

    public HealthRun(PipelineComponents components, PolicyKnowledge knowledge, IReadOnlyList<DraftCondition> conditions)
    {
        // Drafts that learn from what they are shown stay out, but only by an answer does one that is lost show that it is back.
        var drafts = DraftSet.Where(components.Drafts, draft => draft.WantsWarmUp);
        for (int i = 0; i < conditions.Count; i++)
            drafts = conditions[i].IsLost ? drafts.With(i) : drafts;
        ITargetVerifier target = components.Target;
        Prompt = [target.VocabularySize / 2, target.VocabularySize / 3];
        Options = new GenerationOptions
        {
            MaxOutputTokens = Math.Max(1, Math.Min(Tokens, target.ContextLength - Prompt.Length)),
            IgnoreEndToken = true,
            Speculate = !drafts.IsEmpty,
        };

        // Nothing is learnt of it.
        Knowledge = new PolicyKnowledge(
            knowledge.Drafts, knowledge.Voting, new OneIdController(drafts), knowledge.Weighting, runsAllDrafts: false, knowledge.DraftBatchSize);
    }

    public int[] Prompt { get; }

    public GenerationOptions Options { get; }

    /// <summary>What its rounds are decided by.</summary>
    public PolicyKnowledge Knowledge { get; }

    private sealed class OneIdController(DraftSet drafts) : ISpeculationLengthController, ISpeculationLengthPlanner
    {
        public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => this;

        public SpeculationPlan Plan(in RoundOutlook outlook) => new(1) { Drafts = drafts };

        public void Observe(SpeculationRound round)
        {
        }
    }
}
