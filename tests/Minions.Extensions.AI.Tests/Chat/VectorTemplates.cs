using System.Text.Json;

namespace Minions.Extensions.AI.Tests.Chat;

/// <summary>The templates of the vectors, by name.</summary>
internal static class VectorTemplates
{
    private static readonly Dictionary<string, string> Sources = File.ReadLines(VectorFile)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .GroupBy(vector => vector.GetProperty("template").GetString()!)
        .ToDictionary(group => group.Key, group => group.First().GetProperty("source").GetString()!);

    private static string VectorFile => Directory.EnumerateFiles(RepositoryFiles.PathOf("tests", "data", "chat-templates"), "*.jsonl").First();

    public static string Source(string name) => Sources[name];
}
