using System.Text.Json;
using System.Text.Json.Nodes;
using Minions.Core;

namespace Minions.Extensions.AI.Templates;

/// <summary>The files of a model folder that hold templates and special tokens.</summary>
internal sealed class ChatTemplateFiles
{
    public const string Default = "default";

    public const string ToolUse = "tool_use";

    private const string Member = "chat_template";

    private static readonly string[] SpecialTokens = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token", "additional_special_tokens"];

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private readonly string _folder;

    public ChatTemplateFiles(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ModelLoadException($"The model folder '{folder}' does not exist. Check the path.", folder);
        _folder = folder;
    }

    /// <summary>The sources by name; none where the folder has no template.</summary>
    public Dictionary<string, string> ReadTemplates()
    {
        Dictionary<string, string> sources = ReadJinja();
        if (sources.Count == 0)
            sources = ReadMember("tokenizer_config.json");
        if (sources.Count == 0)
            sources = ReadMember("chat_template.json");
        if (sources.Count > 0 && !sources.ContainsKey(Default))
        {
            throw new ModelLoadException(
                $"The model folder '{_folder}' has the chat templates {string.Join(", ", sources.Keys.Order(StringComparer.Ordinal).Select(name => $"'{name}'"))}, but none named '{Default}'. Give the one to use as an option.",
                _folder);
        }

        return sources;
    }

    /// <summary>The special tokens as transformers gives them to templates.</summary>
    public JsonObject ReadSpecialTokens()
    {
        var tokens = new JsonObject();
        JsonObject config = Read("tokenizer_config.json");
        Add(tokens, config, "tokenizer_config.json");

        // Where the configuration has the tokens themselves, the older file is out of use.
        if (config["added_tokens_decoder"] is null)
            Add(tokens, Read("special_tokens_map.json"), "special_tokens_map.json");
        return tokens;
    }

    private void Add(JsonObject tokens, JsonObject source, string file)
    {
        foreach (string name in SpecialTokens)
        {
            if (source[name] is { } token && !tokens.ContainsKey(name))
                tokens[name] = Text(token, name, file);
        }

        if (source["extra_special_tokens"] is JsonObject extra)
        {
            foreach ((string name, JsonNode? token) in extra)
            {
                if (token is not null && !tokens.ContainsKey(name))
                    tokens[name] = Text(token, name, file);
            }
        }
    }

    private JsonNode Text(JsonNode token, string name, string file) => token switch
    {
        JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : Text(item, name, file))]),
        JsonObject { } parts when parts["content"] is JsonValue content && content.GetValueKind() == JsonValueKind.String => content.DeepClone(),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.DeepClone(),
        _ => throw Fault(file, $"'{name}' is neither a string nor an object with 'content'"),
    };

    private Dictionary<string, string> ReadJinja()
    {
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        string main = Path.Combine(_folder, "chat_template.jinja");
        if (File.Exists(main))
            sources[Default] = ReadText(main);

        string more = Path.Combine(_folder, "additional_chat_templates");
        if (!Directory.Exists(more))
            return sources;
        foreach (string file in Directory.EnumerateFiles(more, "*.jinja").Order(StringComparer.Ordinal))
            sources[Path.GetFileNameWithoutExtension(file)] = ReadText(file);
        return sources;
    }

    private Dictionary<string, string> ReadMember(string file)
    {
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        switch (Read(file)[Member])
        {
            case null:
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                sources[Default] = value.GetValue<string>();
                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    if (item is not JsonObject entry || String(entry, "name") is not { } name || String(entry, "template") is not { } template)
                        throw Fault(file, $"'{Member}' has an entry without the strings 'name' and 'template'");
                    sources[name] = template;
                }

                break;
            default:
                throw Fault(file, $"'{Member}' is neither a string nor a list of templates with names");
        }

        return sources;
    }

    private static string? String(JsonObject entry, string name) =>
        entry[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    // An empty object where there is no such file.
    private JsonObject Read(string name)
    {
        string file = Path.Combine(_folder, name);
        if (!File.Exists(file))
            return [];

        try
        {
            JsonNode? root = JsonNode.Parse(ReadText(file), documentOptions: Lenient);
            return root as JsonObject ?? throw Fault(name, "the root is not a JSON object");
        }
        catch (JsonException exception)
        {
            throw new ModelLoadException(
                $"'{file}' is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}): restore the file.", file, exception);
        }
    }

    private static string ReadText(string file)
    {
        // The largest published template has some 30 kB; a configuration with all its added tokens some megabytes.
        const long LargestFile = 64L << 20;
        try
        {
            long length = new FileInfo(file).Length;
            return length <= LargestFile
                ? File.ReadAllText(file)
                : throw new ModelLoadException($"'{file}' has {length >> 20} MiB; more than {LargestFile >> 20} MiB are not read. Check that it is the right file.", file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"'{file}' cannot be read: {exception.Message}", file, exception);
        }
    }

    private ModelLoadException Fault(string name, string what) =>
        new($"{name} cannot be used: {what} (in '{Path.Combine(_folder, name)}').", Path.Combine(_folder, name));
}
