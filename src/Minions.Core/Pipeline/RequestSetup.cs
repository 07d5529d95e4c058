using Minions.Core.Generation;
using Minions.Core.SpeculationLength;

namespace Minions.Core.Pipeline;

/// <summary>What a request was submitted with. Never changes.</summary>
internal sealed record RequestSetup(
    PipelineComponents Components,
    PipelineOptions PipelineOptions,
    IReadOnlyList<int> Prompt,
    GenerationOptions Options,
    RequestOutput Output,
    CancellationToken Cancellation)
{
    public ISpeculationLengthPlanner OpenPlanner()
    {
        var limits = new SpeculationLimits(PipelineOptions.MinSpeculationLength, PipelineOptions.MaxSpeculationLength);
        return Options.SpeculationLength is { } length
            ? new FixedSpeculationLength(length).OpenRequest(new SpeculationLimits(length, length))
            : Components.LengthController.OpenRequest(limits);
    }
}
