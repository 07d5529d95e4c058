using System.Text.Json;

namespace Minions.Benchmarks.Models;

/// <summary>A line of a prompt file.</summary>
internal sealed record Prompt(string Id, string Domain, string Text)
{
    /// <summary>Reads the first prompts of each domain, in the file's order.</summary>
    public static IReadOnlyList<Prompt> Read(string file, int limitPerDomain) =>
        [.. File.ReadLines(file).Select(Parse).GroupBy(prompt => prompt.Domain).SelectMany(domain => domain.Take(limitPerDomain))];

    private static Prompt Parse(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return new Prompt(Value("id"), Value("domain"), Value("prompt"));

        string Value(string property) => document.RootElement.GetProperty(property).GetString()!;
    }
}
