using System.Diagnostics.CodeAnalysis;
using Minions.Core.DependencyInjection;
using Minions.Core.OnnxRuntime;
using Minions.Models.Demo;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the demonstration models to a pipeline.</summary>
[SuppressMessage("Style", "IDE0130", Justification = "Found without a using directive wherever AddMinions is.")]
public static class DemoModelsBuilderExtensions
{
    /// <summary>
    /// Generates with <see cref="DemoModels.Target"/> and adds <see cref="DemoModels.Drafts"/>, all on the CPU. Other settings of the target
    /// that were made before are kept.
    /// </summary>
    /// <param name="builder">The builder of the pipeline.</param>
    /// <returns>The builder.</returns>
    public static MinionsBuilder UseDemoModels(this MinionsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Their int8 operators have kernels for the CPU only: with Auto, a CUDA session would copy every layer to the host and back.
        builder.Services.Configure<MinionsOptions>(builder.Name, options =>
        {
            options.Target ??= new OnnxModelOptions { Provider = ExecutionProvider.Cpu };
            foreach (string draft in DemoModels.Drafts)
                options.Drafts.Add(new OnnxModelOptions { Folder = draft, Provider = ExecutionProvider.Cpu });
        });
        return builder.UseTarget(DemoModels.Target);
    }
}
