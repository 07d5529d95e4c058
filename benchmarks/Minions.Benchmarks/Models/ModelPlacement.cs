using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Models;

/// <summary>Where the models of a command run.</summary>
/// <param name="Target">The target, and a head in its folder.</param>
/// <param name="Drafts">Drafts and the other heads.</param>
/// <param name="DeviceId">The number of the GPU, or <see langword="null"/> for what each model's folder says, else 0.</param>
internal sealed record ModelPlacement(ExecutionProvider Target, ExecutionProvider Drafts, int? DeviceId = null)
{
    /// <summary>All of them in one place.</summary>
    public static ModelPlacement Of(ExecutionProvider provider) => new(provider, provider);

    /// <summary>Options of a draft.</summary>
    public OnnxModelOptions Draft(string folder) => new() { Folder = folder, Provider = Drafts, DeviceId = DeviceId };

    /// <summary>Options of a head.</summary>
    public OnnxHeadOptions Head(string folder) => new() { Folder = folder, Provider = Drafts, DeviceId = DeviceId };
}
