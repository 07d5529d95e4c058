using System.Text.RegularExpressions;

namespace Minions.Core.Tests.OnnxRuntime;

/// <summary>The page of models names the tests of what it says.</summary>
public sealed partial class ModelsPageTests
{
    [Test]
    public void Every_test_that_the_page_names_is_there()
    {
        string page = File.ReadAllText(RepositoryFiles.PathOf("docs", "models.md"));
        string[] named = [.. TestName().Matches(page).Select(match => match.Groups[1].Value).Distinct()];
        HashSet<string> there = [.. Directory.EnumerateFiles(RepositoryFiles.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file)!)];

        Assert.That(named, Has.Length.GreaterThan(10));
        Assert.That(named, Is.SubsetOf(there));
    }

    [GeneratedRegex("`([A-Za-z]+Tests)`")]
    private static partial Regex TestName();
}
