using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.EndToEnd.Scenarios;
using Minions.Benchmarks.Models;
using Minions.Core;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Voting;

namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>An arm's pipeline over the models that all arms share. What it learns stays with it from one repetition to the next.</summary>
internal sealed class ArmPipeline : IArmEngine
{
    private readonly SpeculativePipeline _pipeline;
    private readonly GenerationOptions _options;
    private readonly RecordingTarget _recorder;

    /// <summary>Composes it.</summary>
    /// <param name="arm">What to run.</param>
    /// <param name="models">The models of all arms.</param>
    /// <param name="target">The target among them, or the same one run by GenAI; it belongs to the bench.</param>
    /// <param name="arguments">What holds for all arms.</param>
    /// <param name="prompts">What will be asked.</param>
    /// <param name="facts">What a scenario needs to know; <see langword="null"/> does for arms without one.</param>
    public ArmPipeline(Arm arm, LoadedModels models, ITargetVerifier target, EndToEndArguments arguments, PromptTexts prompts, ScenarioFacts? facts = null)
    {
        Arm = arm;
        _recorder = new RecordingTarget(target, prompts, arm.Packs);
        InFlight = InFlightOf(arm, arguments);
        var defaults = new PipelineComponents { Target = _recorder };
        var components = new PipelineComponents
        {
            Target = _recorder,
            Drafts = arm.Speculates ? Drafts(models, arguments.Ngram, prompts, facts) : [],
            Tokenizer = models.Tokenizer,
            VotingPolicy = arm.VotesAsPaper ? new WeightedMajorityVote { UseConfidence = false } : defaults.VotingPolicy,
            LengthController = arm.Length?.Create(),
            LeaveOpen = true,
        };

        _pipeline = new SpeculativePipeline(components, OptionsOf(arm, arguments));
        _options = new GenerationOptions
        {
            MaxOutputTokens = arguments.MaxTokens,
            Mode = arm.Mode,
            Sampling = arguments.Sampling,
            Speculate = arm.Speculates,
        };
    }

    public Arm Arm { get; }

    public int InFlight { get; }

    public void CountRoundsIn(RoundLog log)
    {
        // Costs are those of the other target.
        if (!Arm.TargetIsGenAI)
            _recorder.Log = log;
    }

    public async Task<Answer> AnswerAsync(IReadOnlyList<int> prompt, CancellationToken cancellationToken) =>
        Answer.Of(await _pipeline.GenerateAsync(prompt, _options, cancellationToken));

    public ValueTask DisposeAsync() => _pipeline.DisposeAsync();

    /// <summary>How an arm's pipeline runs.</summary>
    internal static PipelineOptions OptionsOf(Arm arm, EndToEndArguments arguments)
    {
        // Every prompt comes again in each repetition, and every time it is to be run as a whole.
        var options = new PipelineOptions
        {
            PrefixCacheSize = 0,
            Speculation = { DraftSelection = arguments.Panel, Weighting = arm.VotesAsPaper ? DraftWeighting.RewardPenalty : default },
        };
        options.PreDraft = arm.PreDrafts ? true : options.PreDraft;
        options.MaxConcurrentRequests = Math.Max(options.MaxConcurrentRequests, InFlightOf(arm, arguments));
        options.Speculation.MaxLength = Math.Max(options.Speculation.MaxLength, arm.Length?.FixedLength ?? 0);
        return options;
    }

    private static int InFlightOf(Arm arm, EndToEndArguments arguments) => arm.IsSerial ? 1 : arguments.Concurrency;

    private IReadOnlyList<IDraftModel> Drafts(LoadedModels models, bool ngram, PromptTexts prompts, ScenarioFacts? facts)
    {
        IReadOnlyList<IDraftModel> own =
        [
            .. models.Drafts.Where(draft => Arm.Panel.Includes(draft.Name, draft.ReadsStates)).Select(draft => Arm.Packs ? draft : new UnpackedDraft(draft)),

            // It knows the request's own text only: with a pool of finished outputs, a repetition would find itself in there.
            .. ngram || Arm.Panel.Ngram ? [new NgramDraft()] : Array.Empty<IDraftModel>(),
        ];
        return Arm.Scenario is { } scenario
            ? [.. own.Select(draft => scenario.Replace(draft, facts!))]
            : [.. own.Select(draft => draft.ReadsStates ? new RecordingHead(draft, _recorder, prompts) : draft)];
    }
}
