namespace Minions.Docs.Tests.Pages;

/// <summary>What a page points at inside of the repository is there.</summary>
internal sealed class LinkTests
{
    private static IEnumerable<TestCaseData> Pages => MarkdownPage.All.Select(page => new TestCaseData(page).SetArgDisplayNames(page.Path));

    [TestCaseSource(nameof(Pages))]
    public void Every_relative_link_leads_to_a_file_and_a_heading(object page) =>
        Assert.That(((MarkdownPage)page).Links().Where(link => !link.Contains("://", StringComparison.Ordinal)).Select(link => FaultOf((MarkdownPage)page, link)).OfType<string>(), Is.Empty);

    [Test]
    public void The_index_names_every_page()
    {
        MarkdownPage index = MarkdownPage.Of("docs/README.md");
        Assert.That(
            index.Links().Where(link => !link.Contains('#', StringComparison.Ordinal) && link.EndsWith(".md", StringComparison.Ordinal) && !link.Contains('/', StringComparison.Ordinal)).Distinct(),
            Is.EquivalentTo(MarkdownPage.All.Where(page => page.Path.StartsWith("docs/", StringComparison.Ordinal) && page.Path != index.Path).Select(page => page.Path["docs/".Length..])));
    }

    private static string? FaultOf(MarkdownPage page, string link)
    {
        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? page.Path : Path.GetRelativePath(RepositoryFiles.PathOf(), RepositoryFiles.PathOf(Path.GetDirectoryName(page.Path)!, parts[0])).Replace('\\', '/');
        if (target.StartsWith("..", StringComparison.Ordinal) || !Path.Exists(RepositoryFiles.PathOf(target)))
            return $"'{link}': there is no '{target}'";
        return parts.Length == 2 && !MarkdownPage.Of(target).Anchors.Contains(parts[1]) ? $"'{link}': '{target}' has no such heading" : null;
    }
}
