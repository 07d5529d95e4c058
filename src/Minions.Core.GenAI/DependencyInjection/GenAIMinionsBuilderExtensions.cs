using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minions.Core.DependencyInjection;
using Minions.Core.GenAI;
using Minions.Core.GenAI.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Composes pipelines of models that run on ONNX Runtime GenAI, alone or beside models from other folders and of your own.</summary>
/// <remarks>
/// Folders, adapters and bounds are checked with the pipeline's other options, when the host starts and when the models load. What is configured is
/// read when the method is called.
/// </remarks>
[SuppressMessage("Style", "IDE0130", Justification = "Found without a using directive wherever services are registered.")]
public static class GenAIMinionsBuilderExtensions
{
    /// <summary>
    /// Generates with the model of a folder on ONNX Runtime GenAI, whose <c>tokenizer.json</c> is used unless the pipeline is given another tokenizer.
    /// </summary>
    /// <param name="builder">The pipeline's builder.</param>
    /// <param name="folder">The model folder, see <see cref="GenAIModelOptions.Folder"/>.</param>
    /// <param name="configure">Sets its other options; <see langword="null"/> leaves them as they are.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    public static MinionsBuilder UseGenAITarget(this MinionsBuilder builder, string folder, Action<GenAIModelOptions>? configure = null) =>
        UseTarget(Check(builder), Named(folder, configure));

    /// <summary>Adds the model of a folder, on ONNX Runtime GenAI, to the drafts; it comes after those of <see cref="MinionsOptions.Drafts"/>.</summary>
    /// <param name="builder">The pipeline's builder.</param>
    /// <param name="folder">The model folder, see <see cref="GenAIModelOptions.Folder"/>.</param>
    /// <param name="configure">Sets its other options; <see langword="null"/> leaves them as they are.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    public static MinionsBuilder AddGenAIDraft(this MinionsBuilder builder, string folder, Action<GenAIModelOptions>? configure = null) =>
        AddDraft(Check(builder), Named(folder, configure));

    /// <summary>Takes target and drafts, or only one of both, from configuration.</summary>
    /// <param name="builder">The pipeline's builder.</param>
    /// <param name="configuration">
    /// A section with the members of <see cref="GenAIPipelineOptions"/>. Keys that are no options, and values that cannot be read, are faults. It
    /// stands beside the pipeline's own section, not in it.
    /// </param>
    /// <returns>The builder.</returns>
    public static MinionsBuilder UseGenAI(this MinionsBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Check(builder);
        var models = new GenAIPipelineOptions();
        try
        {
            configuration.Bind(models, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException fault)
        {
            builder.Services.Configure<GenAIPipelineOptions>(builder.Name, options => options.ConfigurationFaults.Add(fault.Message));
        }

        string[] bare = [.. FindBareValues(configuration)];
        builder.Services.Configure<GenAIPipelineOptions>(builder.Name, options => options.ConfigurationFaults.AddRange(bare));
        if (models.Target is null && models.Drafts.Count == 0 && bare.Length == 0)
        {
            string source = configuration is IConfigurationSection section ? $"configuration section '{section.Path}'" : "the configuration";
            builder.Services.Configure<GenAIPipelineOptions>(builder.Name, options => options.ConfigurationFaults.Add($"{source} names neither a Target nor Drafts: correct its name, or call no UseGenAI."));
        }

        if (models.Target is { } target)
            UseTarget(builder, target);
        foreach (GenAIModelOptions draft in models.Drafts)
            AddDraft(builder, draft);
        return builder;
    }

    // The binder passes over a value where members or entries belong: drafts given as a list of folders would be no drafts.
    private static IEnumerable<string> FindBareValues(IConfiguration configuration)
    {
        IConfigurationSection drafts = configuration.GetSection(nameof(GenAIPipelineOptions.Drafts));
        return drafts.GetChildren().Prepend(configuration.GetSection(nameof(GenAIPipelineOptions.Target)))
            .SelectMany(model => new[]
            {
                model,
                model.GetSection(nameof(GenAIModelOptions.ProviderOptions)),
                model.GetSection(nameof(GenAIModelOptions.SessionEntries)),
                model.GetSection(nameof(GenAIModelOptions.Adapters)),
            })
            .Prepend(drafts)
            .Where(section => section.Value is { Length: > 0 })
            .Select(section => $"'{section.Value}' at configuration key '{section.Path}' should be an object or a list of values.");
    }

    private static MinionsBuilder UseTarget(MinionsBuilder builder, GenAIModelOptions target)
    {
        builder.Services.Configure<GenAIPipelineOptions>(builder.Name, options => options.Target = target);
        return builder.UseTarget(services => GenAITargetVerifier.Load(target, Logger(services), CancellationToken.None));
    }

    private static MinionsBuilder AddDraft(MinionsBuilder builder, GenAIModelOptions draft)
    {
        builder.Services.Configure<GenAIPipelineOptions>(builder.Name, options => options.Drafts.Add(draft));
        return builder.AddDraft(services => GenAIDraftModel.Load(draft, Logger(services), CancellationToken.None));
    }

    private static MinionsBuilder Check(MinionsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MinionsOptions>, GenAIPipelineValidator>());
        return builder;
    }

    private static GenAIModelOptions Named(string folder, Action<GenAIModelOptions>? configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var options = new GenAIModelOptions { Folder = folder };
        configure?.Invoke(options);
        return options;
    }

    private static ILogger Logger(IServiceProvider services) =>
        services.GetService<ILoggerFactory>()?.CreateLogger<GenAITargetVerifier>() ?? (ILogger)NullLogger.Instance;
}
