using Microsoft.Extensions.Configuration;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;

namespace Minions.Core.DependencyInjection;

/// <summary>Binds a configuration section to options. What cannot be bound becomes a fault, told when the options are checked.</summary>
internal static class OptionsConfiguration
{
    public static void Bind(IConfiguration configuration, MinionsOptions options)
    {
        string source = configuration is IConfigurationSection given
            ? $"configuration section '{given.Path}'"
            : "the configuration's root (pass a section of it, such as GetSection(\"Minions\"), where it holds more than these options)";
        if (configuration is IConfigurationSection section && !section.Exists())
        {
            options.ConfigurationFaults.Add($"{source} does not exist or is empty: correct its name, or call AddMinions without it.");
            return;
        }

        try
        {
            configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            options.ConfigurationFaults.AddRange(FindBareValues(configuration));
        }
        catch (InvalidOperationException fault)
        {
            options.ConfigurationFaults.Add($"{source}: {fault.Message}");
        }
    }

    /// <summary>The binder passes over a value where members or entries belong: drafts given as a list of folders would be no drafts.</summary>
    private static IEnumerable<string> FindBareValues(IConfiguration configuration)
    {
        IConfigurationSection target = configuration.GetSection(nameof(MinionsOptions.Target));
        IConfigurationSection drafts = configuration.GetSection(nameof(MinionsOptions.Drafts));
        IConfigurationSection heads = configuration.GetSection(nameof(MinionsOptions.Heads));
        IConfigurationSection pipeline = configuration.GetSection(nameof(MinionsOptions.Pipeline));
        IEnumerable<IConfigurationSection> compounds =
        [
            drafts,
            heads,
            .. drafts.GetChildren().Concat(heads.GetChildren()).Prepend(target).SelectMany(CompoundsOf),
            configuration.GetSection(nameof(MinionsOptions.Ngram)),
            configuration.GetSection(nameof(MinionsOptions.EndTokens)),
            pipeline,
            pipeline.GetSection(nameof(PipelineOptions.Speculation)),
        ];

        // An empty text is how the JSON provider writes an empty list.
        return compounds
            .Where(section => section.Value is { Length: > 0 })
            .Select(section => $"'{section.Value}' at configuration key '{section.Path}' should be an object or a list of values.");
    }

    private static IEnumerable<IConfigurationSection> CompoundsOf(IConfigurationSection model) =>
    [
        model,
        model.GetSection(nameof(OnnxModelOptions.ProviderOptions)),
        model.GetSection(nameof(OnnxModelOptions.SessionEntries)),
        model.GetSection(nameof(OnnxModelOptions.States)),
    ];
}
