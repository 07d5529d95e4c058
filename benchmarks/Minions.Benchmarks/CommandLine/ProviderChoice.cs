using Minions.Benchmarks.Models;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.CommandLine;

/// <summary>What was typed of where models run; <see langword="null"/> for what was not.</summary>
internal sealed record ProviderChoice
{
    /// <summary>Of all models.</summary>
    public ExecutionProvider? Provider { get; init; }

    /// <summary>The target's own, which wins.</summary>
    public ExecutionProvider? TargetProvider { get; init; }

    /// <summary>That of drafts and heads, which wins.</summary>
    public ExecutionProvider? DraftProvider { get; init; }

    /// <summary>The number of the GPU.</summary>
    public int? DeviceId { get; init; }

    /// <summary>Where models run.</summary>
    /// <param name="otherwise">Where nothing was typed.</param>
    public ModelPlacement Resolve(ExecutionProvider otherwise) => new(TargetProvider ?? Provider ?? otherwise, DraftProvider ?? Provider ?? otherwise, DeviceId);

    /// <summary>The argument that asked for CUDA for a model, or <see langword="null"/>.</summary>
    /// <param name="isDraft">Whether it is a draft or a head; <see langword="null"/> where that is not known.</param>
    public string? CudaArgument(bool? isDraft)
    {
        string? target = Asking(TargetProvider, "--target-provider");
        string? draft = Asking(DraftProvider, "--draft-provider");
        return isDraft switch
        {
            true => draft,
            false => target,
            null => target ?? draft,
        };
    }

    private string? Asking(ExecutionProvider? own, string argument) => (own ?? Provider) != ExecutionProvider.Cuda ? null : own is null ? "--provider" : argument;
}
