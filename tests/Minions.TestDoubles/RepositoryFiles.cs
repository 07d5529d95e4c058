using System.Reflection;

namespace Minions.TestDoubles;

/// <summary>Where the models, reference data and sources of the repository lie; no test reads outside of it.</summary>
public static class RepositoryFiles
{
    private static readonly string Root = typeof(RepositoryFiles).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepoRoot").Value!;

    /// <summary>A path from the root of the repository on.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The folder of the library's source.</summary>
    public static string Library { get; } = Path.Combine(Root, "src", "Minions.Core");

    public static string SmolLm2 { get; } = Path.Combine(Root, "samples", "models", "smollm2");

    public static string Models { get; } = Path.Combine(Root, "tests", "models");

    public static string Family { get; } = Path.Combine(Models, "family");

    public static string FamilyPrompts { get; } = Path.Combine(Models, "family", "prompts-dev.jsonl");

    public static string Tiny { get; } = Path.Combine(Models, "tiny");

    public static string Heads { get; } = Path.Combine(Root, "tests", "data", "heads");

    public static string Graphs { get; } = Path.Combine(Root, "tests", "data", "graphs");

    public static string Tokenizers { get; } = Path.Combine(Root, "tests", "data", "tokenizers");
}
