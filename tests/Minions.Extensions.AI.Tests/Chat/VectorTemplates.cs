using System.Text.Json;

namespace Minions.Extensions.AI.Tests.Chat;

/// <summary>The templates of the tests, by name: those of the vectors, and shapes that differ in which messages they show.</summary>
internal static class VectorTemplates
{
    private static readonly string Folder = RepositoryFiles.PathOf("tests", "data", "chat-templates");

    private static readonly Dictionary<string, string> Sources = File.ReadLines(Path.Combine(Folder, "vectors.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .GroupBy(vector => vector.GetProperty("template").GetString()!)
        .Select(group => (Name: group.Key, Source: group.First().GetProperty("source").GetString()!))
        .Concat(Directory.EnumerateFiles(Path.Combine(Folder, "shapes"), "*.jinja").Select(path => (Path.GetFileNameWithoutExtension(path), File.ReadAllText(path))))
        .ToDictionary();

    public static IEnumerable<string> Names => Sources.Keys.Order(StringComparer.Ordinal);

    public static string Source(string name) => Sources[name];
}
