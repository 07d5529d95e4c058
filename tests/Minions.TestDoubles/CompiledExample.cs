namespace Minions.TestDoubles;

/// <summary>The code that a page shows, as a source file of the tests has it between its markers <c>// &lt;example&gt;</c> and <c>// &lt;/example&gt;</c>.</summary>
public static class CompiledExample
{
    private const string Indentation = "        ";

    /// <param name="parts">The source file, from the root of the repository on.</param>
    public static string Of(params string[] parts)
    {
        var example = new List<string>();
        bool inside = false;
        foreach (string line in File.ReadLines(RepositoryFiles.PathOf(parts)))
        {
            string text = line.TrimStart();
            if (text is "// <example>" or "// </example>")
                inside = text == "// <example>";
            else if (inside)
                example.Add(line.StartsWith(Indentation, StringComparison.Ordinal) ? line[Indentation.Length..] : line);
        }

        while (example[^1].Length == 0)
            example.RemoveAt(example.Count - 1);
        return string.Join('\n', example);
    }

    /// <summary>The first code of a page.</summary>
    /// <param name="parts">The page, from the root of the repository on.</param>
    public static string OnPage(params string[] parts) =>
        File.ReadAllText(RepositoryFiles.PathOf(parts)).ReplaceLineEndings("\n").Split("```csharp\n")[1].Split("\n```")[0];
}
