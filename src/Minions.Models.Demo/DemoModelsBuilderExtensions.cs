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
    /// Generates with <see cref="DemoModels.Target"/> and adds demonstration models that guess for it, all on the CPU. Other settings of the target that
    /// were made before are kept.
    /// </summary>
    /// <param name="builder">The builder of the pipeline.</param>
    /// <param name="drafts">Which of them guess.</param>
    /// <returns>The builder.</returns>
    public static MinionsBuilder UseDemoModels(this MinionsBuilder builder, DemoDrafts drafts = DemoDrafts.Default)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Their int8 operators have kernels for the CPU only: with Auto, a CUDA session would copy every layer to the host and back.
        if (drafts.HasFlag(DemoDrafts.Head))
            builder.AddHead(DemoModels.Head, head => head.Provider = ExecutionProvider.Cpu);
        if (drafts.HasFlag(DemoDrafts.Ngram))
            builder.AddNgramDraft();
        builder.Services.Configure<MinionsOptions>(builder.Name, options =>
        {
            options.Target ??= new OnnxModelOptions { Provider = ExecutionProvider.Cpu };
            Add(options, DemoDrafts.Code, DemoModels.CodeDraft);
            Add(options, DemoDrafts.Stories, DemoModels.StoriesDraft);
            Add(options, DemoDrafts.Facts, DemoModels.FactsDraft);
        });
        return builder.UseTarget(DemoModels.Target);

        void Add(MinionsOptions options, DemoDrafts draft, string folder)
        {
            if (drafts.HasFlag(draft))
                options.Drafts.Add(new OnnxModelOptions { Folder = folder, Provider = ExecutionProvider.Cpu });
        }
    }
}
