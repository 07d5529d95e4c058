using Microsoft.Extensions.Configuration;
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
        IConfigurationSection drafts = configuration.GetSection(nameof(MinionsOptions.Drafts));
        IConfigurationSection pipeline = configuration.GetSection(nameof(MinionsOptions.Pipeline));
        IEnumerable<IConfigurationSection> compounds =
        [
            configuration.GetSection(nameof(MinionsOptions.Target)),
            drafts,
            .. drafts.GetChildren(),
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
}
