using System.Reflection;

namespace Minions.Benchmarks.Models;

/// <summary>A target of the repository with its drafts and prompts.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Folder">The folder that holds target and drafts, each in a folder of its own.</param>
/// <param name="Heads">The folder names of the heads.</param>
/// <param name="Drafts">The folder names of the other drafts.</param>
internal sealed record RepositoryModels(string Name, string Folder, IReadOnlyList<string> Heads, IReadOnlyList<string> Drafts)
{
    /// <summary>The repository's folder, as it was when this was built.</summary>
    public static string Root { get; } = typeof(RepositoryModels).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepoRoot").Value!;

    public static RepositoryModels SmolLm2 { get; } =
        new("smollm2", Path.Combine(Root, "samples", "models", "smollm2"), ["eagle-head"], ["draft-code", "draft-stories", "draft-facts"]);

    public static RepositoryModels Family { get; } =
        new("family", Path.Combine(Root, "tests", "models", "family"), [], ["draft-tales", "draft-docs", "draft-plays"]);

    public string TargetFolder => Path.Combine(Folder, "target");

    public IReadOnlyList<string> HeadFolders => [.. Heads.Select(head => Path.Combine(Folder, head))];

    public IReadOnlyList<string> DraftFolders => [.. Drafts.Select(draft => Path.Combine(Folder, draft))];

    public string PromptFile => Path.Combine(Folder, "prompts-dev.jsonl");

    /// <summary>The models of that name, or all.</summary>
    public static IReadOnlyList<RepositoryModels> Named(string name) => [.. new[] { SmolLm2, Family }.Where(models => name == "all" || name == models.Name)];
}
