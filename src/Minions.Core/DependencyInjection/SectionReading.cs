using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Minions.Core.DependencyInjection;

/// <summary>One pass over a configuration section: what can be bound, and what is wrong with the rest.</summary>
internal sealed class SectionReading
{
    /// <summary>Keys, relative to the section, and values that the binder can read.</summary>
    public Dictionary<string, string?> Accepted { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<string> Faults { get; } = [];

    /// <summary>Reads the members of an object.</summary>
    public void Members(IConfiguration configuration, string path, IReadOnlyDictionary<string, Action<SectionReading, IConfigurationSection, string>> members)
    {
        if (HasScalar(configuration, path, $"an object with {string.Join(", ", members.Keys)}"))
            return;

        var unknown = new List<string>();
        foreach (IConfigurationSection child in configuration.GetChildren())
        {
            if (members.TryGetValue(child.Key, out Action<SectionReading, IConfigurationSection, string>? read))
                read(this, child, Combine(path, child.Key));
            else
                unknown.Add(child.Key);
        }

        if (unknown.Count > 0)
            Faults.Add(Unknown(configuration, path, unknown, members.Keys));
    }

    /// <summary>Reads the entries of a list or dictionary.</summary>
    public void Entries(IConfigurationSection section, string path, Action<SectionReading, IConfigurationSection, string> entry)
    {
        if (HasScalar(section, path, "a list or an object"))
            return;

        foreach (IConfigurationSection child in section.GetChildren())
            entry(this, child, Combine(path, child.Key));
    }

    /// <summary>Reads a value, unless it is null, which stands for the default.</summary>
    public void Value(IConfigurationSection section, string path, Func<string, bool> isReadable, string wanted)
    {
        if (section.GetChildren().Any())
            Faults.Add($"{OptionName(path)}: configuration key '{section.Path}' holds several values, but should be {wanted}.");
        else if (section.Value is { } value && isReadable(value))
            Accepted[path] = value;
        else if (section.Value is not null)
            Faults.Add($"{OptionName(path)}: '{section.Value}' (configuration key '{section.Path}') should be {wanted}.");
    }

    private bool HasScalar(IConfiguration configuration, string path, string wanted)
    {
        // An empty text is how the JSON provider writes an empty list.
        if (configuration is not IConfigurationSection { Value: { Length: > 0 } value } section)
            return false;

        Faults.Add($"{OptionName(path)}: '{value}' (configuration key '{section.Path}') should be {wanted}.");
        return true;
    }

    private static string Unknown(IConfiguration configuration, string path, List<string> unknown, IEnumerable<string> known)
    {
        const int shown = 5;
        string names = string.Join(", ", unknown.Take(shown).Select(key => $"'{key}'")) + (unknown.Count > shown ? $" and {unknown.Count - shown} more" : "");
        string where = configuration is IConfigurationSection section ? $"configuration section '{section.Path}'" : "the configuration's root";
        string advice = configuration is IConfigurationSection ? "" : " Pass a section of the configuration, such as GetSection(\"Minions\"), rather than the whole of it.";
        string option = path.Length == 0 ? "" : $"{OptionName(path)}: ";
        return $"{option}{names} of {where} {(unknown.Count == 1 ? "is no option" : "are no options")}; the options here are {string.Join(", ", known)}.{advice}";
    }

    private static string Combine(string path, string key) => path.Length == 0 ? key : ConfigurationPath.Combine(path, key);

    /// <summary>Writes a key as code writes the option: <c>Drafts:1:Folder</c> as <c>Drafts[1].Folder</c>.</summary>
    private static string OptionName(string path)
    {
        if (path.Length == 0)
            return nameof(MinionsOptions);

        var name = new StringBuilder();
        foreach (string part in path.Split(ConfigurationPath.KeyDelimiter))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                name.Append('[').Append(part).Append(']');
            else
                name.Append(name.Length == 0 ? "" : ".").Append(part);
        }

        return name.ToString();
    }
}
