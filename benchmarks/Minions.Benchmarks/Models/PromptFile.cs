namespace Minions.Benchmarks.Models;

/// <summary>The prompts of a file as the Quickstart reads it, a limited number of each domain.</summary>
internal static class PromptFile
{
    /// <summary>The domain of prompts that name none.</summary>
    public const string NoDomain = "all";

    /// <summary>Reads the first prompts of each domain, one domain after the other.</summary>
    /// <exception cref="Quickstart.BadInputException">The file or one of its lines cannot be used.</exception>
    public static IReadOnlyList<Prompt> Read(string path, int limitPerDomain) =>
        [.. All(path).GroupBy(prompt => prompt.Domain).SelectMany(domain => domain.Take(limitPerDomain))];

    /// <summary>Reads the first prompts of each domain, from the domains in turn: the first of each, then the second of each.</summary>
    /// <exception cref="Quickstart.BadInputException">The file or one of its lines cannot be used.</exception>
    public static IReadOnlyList<Prompt> ReadInTurn(string path, int limitPerDomain) => InTurn(All(path), limitPerDomain);

    /// <summary>Takes prompts from the domains in turn.</summary>
    public static IReadOnlyList<Prompt> InTurn(IEnumerable<Prompt> prompts, int limitPerDomain) =>
    [
        .. prompts.GroupBy(prompt => prompt.Domain)
            .SelectMany(domain => domain.Take(limitPerDomain).Select((prompt, place) => (prompt, place)))
            .OrderBy(placed => placed.place)
            .Select(placed => placed.prompt),
    ];

    private static IEnumerable<Prompt> All(string path) =>
        Quickstart.Prompts.PromptFile.Read(path).Select(prompt => new Prompt(prompt.Id, prompt.Domain ?? NoDomain, prompt.Text));
}
