using System.Text.Json;
using System.Text.RegularExpressions;

namespace Quickstart.Prompts;

/// <summary>
/// The ChatML form of a prompt. A Jinja template is recognised, not executed: what matters of it is whether it writes ChatML, and which
/// system message it writes when the user gives none.
/// </summary>
internal sealed partial class ChatMl
{
    private readonly string? _systemMessage;

    private ChatMl(string? systemMessage) => _systemMessage = systemMessage;

    /// <summary>Looks for the template of a model folder: <c>chat_template.jinja</c>, else <c>chat_template</c> of <c>tokenizer_config.json</c>.</summary>
    /// <returns>How to wrap, or <see langword="null"/> when the folder has no template or one of another form.</returns>
    public static ChatMl? Detect(string modelFolder) => ReadTemplate(modelFolder) is { } template ? FromTemplate(template) : null;

    /// <inheritdoc cref="Detect"/>
    public static ChatMl? FromTemplate(string template)
    {
        if (!template.Contains("<|im_start|>", StringComparison.Ordinal) || !template.Contains("<|im_end|>", StringComparison.Ordinal))
            return null;

        Match system = DefaultSystemMessage().Match(template);
        return new ChatMl(system.Success ? Unescape(system.Groups["text"].Value) : null);
    }

    public string Wrap(string question)
    {
        string system = _systemMessage is null ? "" : $"<|im_start|>system\n{_systemMessage}<|im_end|>\n";
        return $"{system}<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n";
    }

    private static string? ReadTemplate(string modelFolder)
    {
        try
        {
            string file = Path.Combine(modelFolder, "chat_template.jinja");
            if (File.Exists(file))
                return File.ReadAllText(file);

            string configuration = Path.Combine(modelFolder, "tokenizer_config.json");
            return File.Exists(configuration) ? FromConfiguration(configuration) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // The pipeline reads the same folder and reports what is wrong with it.
        }
    }

    /// <summary>The field is one template, or a list of named ones of which "default" is for chats.</summary>
    private static string? FromConfiguration(string path)
    {
        // As a stream: a byte order mark is let pass there only.
        using FileStream file = File.OpenRead(path);
        using JsonDocument document = JsonDocument.Parse(file, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("chat_template", out JsonElement template))
            return null;
        if (template.ValueKind == JsonValueKind.String)
            return template.GetString();
        if (template.ValueKind != JsonValueKind.Array)
            return null;

        foreach (JsonElement entry in template.EnumerateArray())
        {
            if (entry.ValueKind == JsonValueKind.Object
                && entry.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String && name.ValueEquals("default")
                && entry.TryGetProperty("template", out JsonElement text) && text.ValueKind == JsonValueKind.String)
                return text.GetString();
        }

        return null;
    }

    private static string Unescape(string literal) =>
        literal.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal);

    /// <summary>A string literal that holds a whole system turn; a turn that is put together from parts holds quotes or braces.</summary>
    [GeneratedRegex("""<\|im_start\|>system(?:\n|\\n)(?<text>(?:\\['"]|[^'"{}<])+)<\|im_end\|>""", RegexOptions.CultureInvariant)]
    private static partial Regex DefaultSystemMessage();
}
