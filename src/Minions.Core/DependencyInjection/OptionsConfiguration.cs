using Microsoft.Extensions.Configuration;

namespace Minions.Core.DependencyInjection;

/// <summary>
/// Binds a configuration section to options. The binder alone stops at the first value that it cannot read and passes over keys that it does
/// not know; here both become faults that are listed with all others, and the binder is given what is left.
/// </summary>
internal static class OptionsConfiguration
{
    public static void Bind(IConfiguration configuration, MinionsOptions options)
    {
        if (configuration is IConfigurationSection section && !section.Exists())
        {
            options.ConfigurationFaults.Add(
                $"The configuration section '{section.Path}' does not exist or is empty: correct its name, or call AddMinions without it.");
            return;
        }

        SectionReading reading = OptionsSchema.Read(configuration);
        options.ConfigurationFaults.AddRange(reading.Faults);
        new ConfigurationBuilder().AddInMemoryCollection(reading.Accepted).Build().Bind(options);
    }
}
