using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minions.Core.Pipeline;

namespace Minions.Core.DependencyInjection;

/// <summary>Makes the pipeline that a container hands out.</summary>
internal static class PipelineRegistration
{
    /// <remarks>
    /// Resolving reports no fault of the options: they are checked when the models load, on whichever call comes first, so that a folder that
    /// is still being filled, or was corrected, is judged as it is then. Hence the options are made without their validators here.
    /// </remarks>
    public static SpeculativePipeline Open(IServiceProvider services, string name)
    {
        MinionsOptions options = new OptionsFactory<MinionsOptions>(
            services.GetServices<IConfigureOptions<MinionsOptions>>(),
            services.GetServices<IPostConfigureOptions<MinionsOptions>>()).Create(name);
        ILoggerFactory? loggers = services.GetService<ILoggerFactory>();
        var loader = new PipelineLoader(services, name, options);

        // Faulty settings never get past the loader, whose error lists them all; until then any will do.
        PipelineOptions settings = options.Pipeline is null || new PipelineOptionsValidator().Validate(null, options.Pipeline).Failed ? new PipelineOptions() : options.Pipeline;
        return new SpeculativePipeline(
            loader.LoadAsync, settings, loggers?.CreateLogger<SpeculativePipeline>(), services.GetService<TimeProvider>(), services.GetService<IMeterFactory>(), name);
    }
}
