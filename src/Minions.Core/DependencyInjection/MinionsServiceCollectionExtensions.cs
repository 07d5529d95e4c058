using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Minions.Core;
using Minions.Core.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers pipelines of speculative decoding.</summary>
/// <remarks>
/// A pipeline is a singleton <see cref="SpeculativePipeline"/> whose models load on <see cref="SpeculativePipeline.LoadAsync(CancellationToken)"/> or on its first
/// call, and are freed with the container. Its options are checked when the host starts, and again when the models load; both times an
/// <see cref="OptionsValidationException"/> lists every fault. A logger factory, a <see cref="TimeProvider"/> and an
/// <see cref="System.Diagnostics.Metrics.IMeterFactory"/> are taken from the container where it has them.
/// </remarks>
[SuppressMessage("Style", "IDE0130", Justification = "Found without a using directive wherever services are registered.")]
public static class MinionsServiceCollectionExtensions
{
    /// <summary>Registers the default pipeline; its models are named on the builder.</summary>
    /// <param name="services">The services.</param>
    /// <returns>A builder that composes the pipeline.</returns>
    public static MinionsBuilder AddMinions(this IServiceCollection services) =>
        Add(services, Options.Options.DefaultName);

    /// <summary>Registers the default pipeline.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder that composes the pipeline.</returns>
    public static MinionsBuilder AddMinions(this IServiceCollection services, Action<MinionsOptions> configure) =>
        Configure(Add(services, Options.Options.DefaultName), configure);

    /// <summary>Registers the default pipeline.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">
    /// A section with the members of <see cref="MinionsOptions"/>. Keys that are no options, and values that cannot be read, are faults.
    /// </param>
    /// <returns>A builder that composes the pipeline.</returns>
    public static MinionsBuilder AddMinions(this IServiceCollection services, IConfiguration configuration) =>
        Configure(Add(services, Options.Options.DefaultName), configuration);

    /// <summary>Registers a pipeline by name; its models are named on the builder.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key that resolves the pipeline, and the name of its options.</param>
    /// <returns>A builder that composes the pipeline.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static MinionsBuilder AddKeyedMinions(this IServiceCollection services, string name) =>
        AddNamed(services, name);

    /// <summary>Registers a pipeline by name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key that resolves the pipeline, and the name of its options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder that composes the pipeline.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static MinionsBuilder AddKeyedMinions(this IServiceCollection services, string name, Action<MinionsOptions> configure) =>
        Configure(AddNamed(services, name), configure);

    /// <summary>Registers a pipeline by name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key that resolves the pipeline, and the name of its options.</param>
    /// <param name="configuration">
    /// A section with the members of <see cref="MinionsOptions"/>. Keys that are no options, and values that cannot be read, are faults.
    /// </param>
    /// <returns>A builder that composes the pipeline.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static MinionsBuilder AddKeyedMinions(this IServiceCollection services, string name, IConfiguration configuration) =>
        Configure(AddNamed(services, name), configuration);

    private static MinionsBuilder AddNamed(IServiceCollection services, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(services, name);
    }

    private static MinionsBuilder Add(IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MinionsOptions>, MinionsOptionsValidator>());
        services.AddOptions<MinionsOptions>(name).ValidateOnStart();
        if (name.Length == 0)
            services.TryAddSingleton(provider => PipelineRegistration.Open(provider, name));
        else
            services.TryAddKeyedSingleton(name, (provider, _) => PipelineRegistration.Open(provider, name));
        return new MinionsBuilder(services, name);
    }

    private static MinionsBuilder Configure(MinionsBuilder builder, Action<MinionsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }

    private static MinionsBuilder Configure(MinionsBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        builder.Services.Configure<MinionsOptions>(builder.Name, options => OptionsConfiguration.Bind(configuration, options));
        return builder;
    }
}
