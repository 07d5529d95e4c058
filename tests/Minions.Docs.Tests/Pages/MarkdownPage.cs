using System.Text.RegularExpressions;

namespace Minions.Docs.Tests.Pages;

/// <summary>A page of the repository: its blocks of code, its headings, links and tables.</summary>
internal sealed partial class MarkdownPage
{
    private readonly List<CodeBlock> _blocks = [];
    private readonly List<string> _prose = [];

    private MarkdownPage(string path)
    {
        Path = path;
        string[] lines = File.ReadAllLines(RepositoryFiles.PathOf(path));
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                _prose.Add(lines[i]);
                continue;
            }

            int end = Array.FindIndex(lines, i + 1, line => line.TrimEnd() == "```");
            Assert.That(end, Is.GreaterThan(i), $"{path}, line {i + 1}: the block does not end");
            _blocks.Add(new CodeBlock(path, i + 1, lines[i][3..].Trim(), string.Join('\n', lines[(i + 1)..end]), i == 0 ? [] : PreludesIn(lines[i - 1])));
            i = end;
        }

        Anchors = [.. AnchorsOf(_prose)];
    }

    /// <summary>The page, from the root of the repository on.</summary>
    public string Path { get; }

    public IReadOnlyList<CodeBlock> Blocks => _blocks;

    /// <summary>The lines outside of blocks.</summary>
    public IReadOnlyList<string> Prose => _prose;

    /// <summary>The anchors of the headings, made as GitHub makes them.</summary>
    public IReadOnlyList<string> Anchors { get; }

    /// <summary>The pages that people read: those of the root, of <c>docs</c> and of the packages, and the cards of models.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
    [
        .. Directory.EnumerateFiles(RepositoryFiles.PathOf(), "*.md", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(RepositoryFiles.PathOf(), file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(folder => folder is "bin" or "obj" or "artifacts" || folder.StartsWith('.')))
            .Order(StringComparer.Ordinal)
            .Select(Of),
    ];

    /// <summary>Reads a page.</summary>
    /// <param name="path">The page, from the root of the repository on.</param>
    public static MarkdownPage Of(string path) => new(path);

    /// <summary>The targets of the links and images.</summary>
    public IEnumerable<string> Links() => _prose.SelectMany(line => Link().Matches(InlineCode().Replace(line, "")).Select(link => link.Groups[1].Value));

    /// <summary>The rows of the tables under a heading, without the heads of the tables, each with its cells.</summary>
    /// <param name="heading">The text of the heading, without its marks.</param>
    public IReadOnlyList<string[]> RowsUnder(string heading)
    {
        int start = _prose.FindIndex(line => line.TrimStart('#').Trim() == heading && line.StartsWith('#'));
        Assert.That(start, Is.GreaterThanOrEqualTo(0), $"{Path} has no heading '{heading}'");
        List<string> section = [.. _prose.Skip(start + 1).TakeWhile(line => !line.StartsWith('#'))];
        return
        [
            .. section.Where((line, i) => line.StartsWith('|') && !IsRule(line) && !(i + 1 < section.Count && IsRule(section[i + 1]))).Select(CellsOf),
        ];
    }

    private static bool IsRule(string line) => line.StartsWith("| ---", StringComparison.Ordinal);

    private static string[] CellsOf(string row) => [.. UnescapedBar().Split(row.Trim().Trim('|')).Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal))];

    private static string[] PreludesIn(string line) =>
        Marker().Match(line) is { Success: true } marker ? marker.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries) : [];

    private static IEnumerable<string> AnchorsOf(IEnumerable<string> prose)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string line in prose.Where(line => Heading().IsMatch(line)))
        {
            string text = LinkText().Replace(line.TrimStart('#').Trim(), "$1");
            string anchor = NotOfAnchor().Replace(text.ToLowerInvariant(), "").Replace(' ', '-');
            int count = seen[anchor] = seen.GetValueOrDefault(anchor) + 1;
            yield return count == 1 ? anchor : $"{anchor}-{count - 1}";
        }
    }

    [GeneratedRegex(@"^<!-- snippet: (.+) -->$")]
    private static partial Regex Marker();

    [GeneratedRegex(@"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]+`(?!\\])")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex("^#{1,6} ")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}\-_ ]")]
    private static partial Regex NotOfAnchor();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex UnescapedBar();
}
