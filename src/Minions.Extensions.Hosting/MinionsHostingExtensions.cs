using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minions.Core;
using Minions.Core.DependencyInjection;
using Minions.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Ties pipelines to the host that they are registered with.</summary>
[SuppressMessage("Style", "IDE0130", Justification = "Found without a using directive wherever services are registered.")]
public static class MinionsHostingExtensions
{
    /// <summary>
    /// Loads the pipeline, and warms it up, when the host starts. When the host stops, no call is let in any more, and requests in work end until its
    /// time for that is over (<see cref="SpeculativePipeline.StopAsync"/>).
    /// </summary>
    /// <param name="builder">The pipeline's builder.</param>
    /// <param name="configure">Says how; <see langword="null"/> leaves the defaults. Of two calls the later one counts where both set the same.</param>
    /// <returns>The builder.</returns>
    public static MinionsBuilder LoadAtStart(this MinionsBuilder builder, Action<LoadAtStartOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = builder.Name;
        if (configure is not null)
            builder.Services.Configure(name, configure);

        // A pipeline is loaded once, however often it is asked for.
        if (builder.Services.Any(service => service.IsKeyedService && service.ServiceType == typeof(PipelineLifetime) && name.Equals(service.ServiceKey)))
            return builder;

        builder.Services.AddOptions();
        builder.Services.AddKeyedSingleton(name, (services, _) => new PipelineLifetime(
            PipelineOf(services, name),
            name,
            services.GetRequiredService<IOptionsMonitor<LoadAtStartOptions>>().Get(name),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetService<ILogger<PipelineLifetime>>() ?? NullLogger<PipelineLifetime>.Instance));
        builder.Services.AddSingleton<IHostedService>(services => services.GetRequiredKeyedService<PipelineLifetime>(name));
        return builder;
    }

    /// <summary>
    /// Checks a pipeline by having its target verify a token: healthy when it does and no draft is lost, degraded when a draft is, and unhealthy while
    /// the models are not loaded, once the pipeline is stopped, or when the target fails.
    /// </summary>
    /// <param name="builder">The builder of health checks.</param>
    /// <param name="pipeline">The name that the pipeline is registered by; <see langword="null"/>, the default, for the default pipeline.</param>
    /// <param name="name">The check's name. Default: <c>minions</c>, followed by a hyphen and the pipeline's name where it has one.</param>
    /// <param name="failureStatus">What is reported in place of unhealthy; <see langword="null"/>, the default, for unhealthy.</param>
    /// <param name="tags">The check's tags; <see langword="null"/>, the default, for none.</param>
    /// <param name="timeout">
    /// How long it may take; <see langword="null"/>, the default, for any time. It waits for at most one run of the target that is under way, and for
    /// one of each draft, so with large models some seconds are in order.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="pipeline"/> or <paramref name="name"/> is empty.</exception>
    public static IHealthChecksBuilder AddMinionsHealthCheck(
        this IHealthChecksBuilder builder,
        string? pipeline = null,
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (pipeline is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(pipeline);
        if (name is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return builder.Add(new HealthCheckRegistration(
            name ?? (pipeline is null ? "minions" : $"minions-{pipeline}"),
            services => new PipelineHealthCheck(PipelineOf(services, pipeline ?? "")),
            failureStatus,
            tags,
            timeout));
    }

    private static SpeculativePipeline PipelineOf(IServiceProvider services, string name) =>
        name.Length == 0 ? services.GetRequiredService<SpeculativePipeline>() : services.GetRequiredKeyedService<SpeculativePipeline>(name);
}
