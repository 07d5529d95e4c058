using System.Text.Json;

namespace Quickstart.Prompts;

/// <summary>Reads a JSON Lines file of prompts. Blank lines are skipped, fields it does not know are ignored.</summary>
internal static class PromptFile
{
    /// <exception cref="BadInputException">The file or one of its lines cannot be used.</exception>
    public static IReadOnlyList<Prompt> Read(string path)
    {
        var prompts = new List<Prompt>();
        int number = 0;
        foreach (string line in Lines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                prompts.Add(Parse(line, number, $"--prompts {path}, line {number}"));
        }

        return prompts.Count > 0 ? prompts : throw new BadInputException($"--prompts {path}: the file holds no prompt. Each line has to be a JSON object with a field 'prompt'.");
    }

    private static string[] Lines(string path)
    {
        if (Directory.Exists(path))
            throw new BadInputException($"--prompts {path}: this is a folder, not a JSON Lines file.");
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"--prompts {path}: there is no such file.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"--prompts {path}: the file cannot be read: {fault.Message}", fault);
        }
    }

    private static Prompt Parse(string line, int number, string origin)
    {
        using JsonDocument document = ParseJson(line, origin);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new BadInputException($"{origin}: expected a JSON object with a field 'prompt', found {Name(root.ValueKind)}.");
        if (!root.TryGetProperty("prompt", out JsonElement prompt))
            throw new BadInputException($"{origin}: the field 'prompt' is missing.");
        if (prompt.ValueKind != JsonValueKind.String)
            throw new BadInputException($"{origin}: the field 'prompt' has to be a text, found {Name(prompt.ValueKind)}.");
        if (prompt.GetString() is not { Length: > 0 } text)
            throw new BadInputException($"{origin}: the field 'prompt' is empty.");

        return new Prompt(Label(root, "id", origin) ?? $"line-{number}", Label(root, "domain", origin), text, origin);
    }

    private static JsonDocument ParseJson(string line, string origin)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException fault)
        {
            throw new BadInputException($"{origin}: malformed JSON near byte {fault.BytePositionInLine ?? 0} of the line.", fault);
        }
    }

    private static string? Label(JsonElement root, string field, string origin)
    {
        if (!root.TryGetProperty(field, out JsonElement value))
            return null;

        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => throw new BadInputException($"{origin}: the field '{field}' has to be a text or a number, found {Name(value.ValueKind)}."),
        };
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a truth value",
    };
}
