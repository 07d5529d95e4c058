using System.Text.Json;

namespace Minions.Extensions.AI.Tests.Chat;

/// <summary>The templates of the vectors, by name.</summary>
internal static class VectorTemplates
{
    private static readonly Dictionary<string, string> Sources = File.ReadLines(RepositoryFiles.PathOf("tests", "data", "chat-templates", "vectors.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .GroupBy(vector => vector.GetProperty("template").GetString()!)
        .ToDictionary(group => group.Key, group => group.First().GetProperty("source").GetString()!);

    public static string Source(string name) => Sources[name];
}
