using Microsoft.Extensions.Logging;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ahead;
using Minions.Core.Drafting.Economy;
using Minions.Core.Generation;
using Minions.Core.SpeculationLength;
using Minions.Core.Voting;

namespace Minions.Core.Pipeline;

/// <summary>What a request was submitted with. Never changes.</summary>
internal sealed record RequestSetup(
    PipelineComponents Components,
    PipelineOptions PipelineOptions,
    IReadOnlyList<int> Prompt,
    GenerationOptions Options,
    RequestOutput Output,
    Learnt Learnt,
    ILogger Logger,
    CancellationToken Cancellation)
{
    /// <summary>The pipeline's limits, unless the request asks for a length of its own.</summary>
    public SpeculationLimits Limits => Options.SpeculationLength is { } length
        ? new SpeculationLimits(length, length)
        : new SpeculationLimits(PipelineOptions.MinSpeculationLength, PipelineOptions.MaxSpeculationLength);

    public ISpeculationLengthPlanner OpenPlanner() => Options.SpeculationLength is { } length
        ? new FixedSpeculationLength(length).OpenRequest(Limits)
        : Components.LengthController.OpenRequest(Limits)
            ?? throw new InvalidOperationException($"Controller {Components.LengthController.GetType().Name} opened null instead of a planner.");

    public IDraftWeights OpenWeights(int drafts) => PipelineOptions.Weights == DraftWeighting.Paper
        ? new PaperWeights(drafts)
        : new FullInformationWeights(drafts, Learnt.Weights);

    /// <summary>What decides which drafts run, or <see langword="null"/> when all do.</summary>
    /// <remarks>
    /// A rule that answers 0 where no draft pays finds the way back itself; if the panel could be empty too, each would judge the other's choice.
    /// </remarks>
    public RequestPanel? OpenPanel(int drafts) => PipelineOptions.Panel == PanelMode.All || drafts == 0 || Limits.Maximum == 0
        ? null
        : new RequestPanel(Learnt.Panels, mayBeEmpty: Limits.Minimum == 0 && Components.LengthController is not GoodputSpeculationLength);

    /// <summary>What drafts do while the request is being verified, or <see langword="null"/> when they never do anything.</summary>
    public AheadWork? OpenAhead(int drafts) => Learnt.Ahead is { } trials && drafts > 0 ? new AheadWork(trials, Learnt.DraftThreads) : null;
}
