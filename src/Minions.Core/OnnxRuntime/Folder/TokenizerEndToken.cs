using System.Globalization;
using Minions.Core.Json;

namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>The end token that the tokenizer's files name, for configurations that name none.</summary>
internal static class TokenizerEndToken
{
    private const string ConfigName = "tokenizer_config.json";
    private const string TokenizerName = "tokenizer.json";

    /// <summary>Its id, or nothing where the files name no end token or do not hold it.</summary>
    /// <exception cref="ModelLoadException">A file is there but cannot be read.</exception>
    public static IReadOnlyList<int> Read(string folder)
    {
        string config = Path.Combine(folder, ConfigName);
        if (!File.Exists(config))
            return [];

        (string? token, int? id) = JsonFile.Read(config, root =>
        {
            string? content = root.Optional("eos_token") is { } part ? ContentOf(part) : null;
            return (content, content is null ? null : InDecoder(root, content));
        });
        if (token is not null && id is null)
            id = InTokenizer(Path.Combine(folder, TokenizerName), token);
        return id is { } found ? [found] : [];
    }

    private static string? ContentOf(JsonPart token) => token.IsString ? token.Text() : token.At("content") is { IsString: true } content ? content.Text() : null;

    // The keys of added_tokens_decoder are the ids.
    private static int? InDecoder(JsonPart root, string token)
    {
        if (root.At("added_tokens_decoder") is not { IsObject: true } decoder)
            return null;

        foreach ((string key, JsonPart part) in decoder.Members())
        {
            if (ContentOf(part) == token && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                return id;
        }

        return null;
    }

    private static int? InTokenizer(string file, string token)
    {
        if (!File.Exists(file))
            return null;

        return JsonFile.Read<int?>(file, root =>
        {
            foreach (JsonPart added in root.Optional("added_tokens")?.Items() ?? [])
            {
                if (ContentOf(added) == token)
                    return added.Integer("id");
            }

            return root.At("model.vocab") is { IsObject: true } vocabulary ? vocabulary.Optional(token)?.Integer() : null;
        });
    }
}
