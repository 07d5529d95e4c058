using Microsoft.Extensions.Logging;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Pipeline.PreDrafting;
using Minions.Core.Speculation;

namespace Minions.Core.Pipeline;

/// <summary>What a request was submitted with, and what those before it learnt. Never changes.</summary>
internal sealed record RequestSetup(
    PipelineComponents Components,
    PipelineOptions PipelineOptions,
    IReadOnlyList<int> Prompt,
    GenerationOptions Options,
    RequestOutput Output,
    PolicyKnowledge Knowledge,
    PreDraftExperiment? PreDraftExperiment,
    ILogger Logger,
    CancellationToken Cancellation)
{
    /// <summary>Whether the pipeline asks for itself: nobody reads the text, so that nothing of it is kept.</summary>
    public bool IsOwn { get; init; }

    /// <summary>How the drafts do, in their order, over all requests; empty where nobody wants to know.</summary>
    public IReadOnlyList<DraftCondition> DraftConditions { get; init; } = [];

    /// <summary>Reports what the request does, or <see langword="null"/> when nobody listens.</summary>
    public RequestTelemetry? Telemetry { get; init; }

    /// <summary>Whether anything is speculated, rather than the target being alone.</summary>
    public bool Speculates => Options.Speculate && (Options.SpeculationLength ?? PipelineOptions.Speculation.MaxLength) > 0;

    /// <summary>Opens what decides the request's rounds: within the pipeline's limits, unless the request asks for a length of its own.</summary>
    /// <param name="minRows">The fewest rows of a target run.</param>
    /// <param name="capacity">The most ids of the text.</param>
    public RequestPolicy OpenPolicy(int minRows, int capacity) => Options.SpeculationLength is { } length
        ? new RequestPolicy(Knowledge, length, length, isFixed: true, minRows, capacity)
        : new RequestPolicy(Knowledge, PipelineOptions.Speculation.MinLength, PipelineOptions.Speculation.MaxLength, isFixed: false, minRows, capacity);

    /// <summary>What drafts do while the request is being verified, or <see langword="null"/> when they never do anything.</summary>
    public PreDraftWork? OpenPreDraft(int drafts) =>
        PreDraftExperiment is { } trials && drafts > 0 ? new PreDraftWork(trials, Math.Min(drafts, PipelineOptions.DraftThreads ?? PipelineOptions.Processors)) : null;
}
