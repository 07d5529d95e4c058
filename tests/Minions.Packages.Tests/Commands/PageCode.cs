namespace Minions.Packages.Tests.Commands;

/// <summary>The blocks of code of a page of the documentation.</summary>
/// <param name="parts">The page, from the root of the repository on.</param>
internal sealed class PageCode(params string[] parts)
{
    private readonly string _page = File.ReadAllText(RepositoryFiles.PathOf(parts)).ReplaceLineEndings("\n");

    /// <summary>All blocks in a language, in their order.</summary>
    public string[] In(string language) => [.. _page.Split($"```{language}\n").Skip(1).Select(rest => rest.Split("\n```")[0])];

    /// <summary>All lines of the blocks that hold commands, in their order.</summary>
    public string[] Commands => [.. In("bash").SelectMany(block => block.Split('\n'))];
}
