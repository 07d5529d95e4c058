using Minions.Core.Json;

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
                tokens[tokens.Count] = pair.Items().First().Text();
        }

        foreach (JsonPart added in root.Optional("added_tokens")?.Items() ?? [])
            tokens[added.Integer("id")] = added.Text("content");
        return tokens;
    });
}
