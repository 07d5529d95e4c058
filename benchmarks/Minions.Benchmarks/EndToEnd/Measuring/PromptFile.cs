using System.Text.Json;
using Minions.Benchmarks.Models;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>Reads a JSON Lines file of prompts. Blank lines are skipped, fields it does not know are ignored.</summary>
internal static class PromptFile
{
    /// <summary>The domain of prompts that name none.</summary>
    public const string NoDomain = "all";

    /// <summary>Reads a number of prompts of each domain, from the domains in turn: the first of each, then the second of each.</summary>
    /// <exception cref="BadInputException">The file or one of its lines cannot be used.</exception>
    public static IReadOnlyList<Prompt> Read(string path, int limitPerDomain)
    {
        Prompt[] all = [.. Lines(path)
            .Select((line, index) => (Text: line, Number: index + 1))
            .Where(line => !string.IsNullOrWhiteSpace(line.Text))
            .Select(line => Parse(line.Text, line.Number, $"--prompts {path}, line {line.Number}"))];
        return all.Length > 0
            ? InTurn(all, limitPerDomain)
            : throw new BadInputException($"--prompts {path}: the file holds no prompt. Each line has to be a JSON object with a field 'prompt'.");
    }

    /// <summary>Takes prompts from the domains in turn.</summary>
    public static IReadOnlyList<Prompt> InTurn(IEnumerable<Prompt> prompts, int limitPerDomain) =>
    [
        .. prompts.GroupBy(prompt => prompt.Domain)
            .SelectMany(domain => domain.Take(limitPerDomain).Select((prompt, place) => (prompt, place)))
            .OrderBy(placed => placed.place)
            .Select(placed => placed.prompt),
    ];

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"--prompts {path}: the file cannot be read: {fault.Message}", fault);
        }
    }

    private static Prompt Parse(string line, int number, string origin)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "prompt") is not { Length: > 0 } prompt)
                throw new BadInputException($"{origin}: expected a JSON object with a text in its field 'prompt'.");

            return new Prompt(Text(root, "id") ?? $"line-{number}", Text(root, "domain") ?? NoDomain, prompt);
        }
        catch (JsonException fault)
        {
            throw new BadInputException($"{origin}: malformed JSON near byte {fault.BytePositionInLine ?? 0} of the line.", fault);
        }
    }

    private static string? Text(JsonElement root, string field) =>
        root.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
