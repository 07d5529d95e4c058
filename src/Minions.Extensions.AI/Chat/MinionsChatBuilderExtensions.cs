using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minions.Core;
using Minions.Core.DependencyInjection;
using Minions.Extensions.AI;
using Minions.Extensions.AI.Chat;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers chat clients over pipelines.</summary>
[SuppressMessage("Style", "IDE0130", Justification = "Found without a using directive wherever services are registered.")]
public static class MinionsChatBuilderExtensions
{
    /// <summary>Registers an <see cref="IChatClient"/> over the pipeline, keyed by the pipeline's name where it has one.</summary>
    /// <param name="builder">The pipeline's builder.</param>
    /// <param name="configure">Sets the client's options; <see langword="null"/> leaves them as they are.</param>
    /// <returns>A builder of the client's middleware, such as <c>UseFunctionInvocation()</c>, <c>UseOpenTelemetry()</c> or <c>UseLogging()</c>.</returns>
    public static ChatClientBuilder AddChatClient(this MinionsBuilder builder, Action<MinionsChatClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = builder.Name;
        return name.Length == 0
            ? builder.Services.AddChatClient(services => Make(services, services.GetRequiredService<SpeculativePipeline>(), name, configure))
            : builder.Services.AddKeyedChatClient(name, services => Make(services, services.GetRequiredKeyedService<SpeculativePipeline>(name), name, configure));
    }

    /// <summary>
    /// Registers a pipeline over a model folder, with a draft that finds repetitions, and an <see cref="IChatClient"/> over it: the shape of a Semantic
    /// Kernel connector, for <c>Kernel.CreateBuilder().Services</c> and the like.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="modelPath">The target's folder.</param>
    /// <param name="modelId">The name that responses report; <see langword="null"/> for that of the folder.</param>
    /// <param name="serviceId">The key of pipeline and client; <see langword="null"/> for none.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException"><paramref name="modelPath"/> is empty, or <paramref name="serviceId"/> is.</exception>
    public static IServiceCollection AddMinionsChatClient(this IServiceCollection services, string modelPath, string? modelId = null, string? serviceId = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        MinionsBuilder builder = serviceId is null ? services.AddMinions() : services.AddKeyedMinions(serviceId);
        builder.UseTarget(modelPath).AddNgramDraft().AddChatClient(options => options.ModelId = modelId);
        return services;
    }

    private static MinionsChatClient Make(IServiceProvider services, SpeculativePipeline pipeline, string name, Action<MinionsChatClientOptions>? configure)
    {
        var options = new MinionsChatClientOptions();
        configure?.Invoke(options);
        options.ModelId ??= NameOfTarget(services, name);
        return new MinionsChatClient(pipeline, options, services.GetService<ILogger<MinionsChatClient>>(), services.GetService<TimeProvider>());
    }

    // Known before the model is loaded, so that middleware that asks once, such as UseOpenTelemetry, hears of it. Faults of the options are the load's to tell.
    private static string? NameOfTarget(IServiceProvider services, string name)
    {
        try
        {
            return ModelName.Of(services.GetService<IOptionsMonitor<MinionsOptions>>()?.Get(name).Target?.Folder);
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }
}
