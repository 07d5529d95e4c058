using Minions.Core.DependencyInjection;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Models;

/// <summary>Where the models of a command lie.</summary>
/// <param name="Target">The target's folder.</param>
/// <param name="Heads">The folders of heads, beside one that the target's folder itself names.</param>
/// <param name="Drafts">The folders of the other drafts.</param>
/// <param name="Placement">Where they run.</param>
internal sealed record ModelFolders(string Target, IReadOnlyList<string> Heads, IReadOnlyList<string> Drafts, ModelPlacement Placement)
{
    /// <summary>Whether a head that the target's folder itself names is loaded.</summary>
    public bool UsesTargetHead { get; init; } = true;

    /// <summary>Models of the repository, on the CPU: their int8 weights have operators without CUDA kernels.</summary>
    public static ModelFolders Of(RepositoryModels models) => new(models.TargetFolder, models.HeadFolders, models.DraftFolders, ModelPlacement.Of(ExecutionProvider.Cpu));

    /// <summary>The target as a pipeline would open it.</summary>
    public OnnxModelOptions TargetOptions => new() { Folder = Target, Provider = Placement.Target, DeviceId = Placement.DeviceId };

    /// <summary>All heads as a pipeline would open them, each with its name.</summary>
    /// <exception cref="Core.ModelLoadException">The configuration in the target's folder cannot be read.</exception>
    public IReadOnlyList<OnnxHeadOptions> HeadOptions()
    {
        var options = new MinionsOptions { Target = TargetOptions, UseTargetHead = UsesTargetHead };
        options.Heads.AddRange(Heads.Select(Placement.Head));
        IReadOnlyList<OnnxHeadOptions> heads = PipelineHeads.Of(options, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        foreach ((OnnxHeadOptions head, string name) in heads.Zip(DraftNames.Of(heads)))
            head.Name = name;
        return heads;
    }
}
