using Minions.Core.Json;
using Minions.Core.Tokenization.AddedTokens;

namespace Minions.Core.Tokenization;

/// <summary>
/// What the ids of a <c>tokenizer.json</c> mean. Read for drafts, which are given ids only: how the file would split and encode a text does not
/// matter, so a file whose steps are not supported serves as well.
/// </summary>
internal static class TokenMeanings
{
    /// <returns>The token of each id that has one.</returns>
    /// <exception cref="ModelLoadException">The content is malformed.</exception>
    public static IReadOnlyDictionary<int, string> Read(string file, byte[] content) => JsonFile.Read(file, content, root =>
    {
        var tokens = new Dictionary<int, string>();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        JsonPart vocabulary = root.Required("model").Required("vocab");
        if (vocabulary.IsObject)
        {
            foreach ((string token, JsonPart id) in vocabulary.Members())
                tokens[id.Integer()] = token;
        }
        else
        {
            // A list of pairs of token and score; the place is the id.
            foreach (JsonPart pair in vocabulary.Items())
            {
                JsonPart[] parts = [.. pair.Items()];
                tokens[tokens.Count] = parts.Length > 0 ? parts[0].Text() : throw pair.Fault("must hold a token and its score");
            }
        }

        foreach ((int id, string token) in tokens)
            ids[token] = id;
        var added = new AddedTokenList(root.Optional("added_tokens"), tokens.Count, token => ids.TryGetValue(token, out int id) ? id : null);
        string config = Path.Combine(Path.GetDirectoryName(file)!, HuggingFaceTokenizer.ConfigFileName);
        IReadOnlyList<AddedToken> all = File.Exists(config) ? JsonFile.Read(config, settings => WithThoseOf(added, settings)) : added.Tokens;
        foreach (AddedToken token in all)
            tokens[token.Id] = token.Content;
        return tokens;
    });

    private static IReadOnlyList<AddedToken> WithThoseOf(AddedTokenList added, JsonPart settings)
    {
        if (settings.Optional("added_tokens_decoder") is { } decoder)
            added.AddFrom(decoder);
        return added.Tokens;
    }
}
