using System.Globalization;
using Minions.Core.Json;

namespace Minions.Core.Tokenization.AddedTokens;

/// <summary>Reads the added tokens of a <c>tokenizer.json</c> and of its <c>tokenizer_config.json</c>.</summary>
/// <remarks>
/// As in the tokenizers library, a token that the model's vocabulary has keeps its id there, and the others are numbered on from its size.
/// </remarks>
internal sealed class AddedTokenList
{
    private readonly List<AddedToken> _tokens = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Func<string, int?> _idInVocabulary;
    private int _next;

    /// <param name="part">The <c>added_tokens</c>.</param>
    /// <param name="vocabularySize">How many tokens the model has.</param>
    /// <param name="idInVocabulary">The model's id of a token.</param>
    public AddedTokenList(JsonPart? part, int vocabularySize, Func<string, int?> idInVocabulary)
    {
        _next = vocabularySize;
        _idInVocabulary = idInVocabulary;
        if (part is not { } list)
            return;

        foreach (JsonPart item in list.Items())
        {
            if (item.Integer("id") < 0)
                throw item.Fault("has a negative id");
            Add(item);
        }
    }

    public IReadOnlyList<AddedToken> Tokens => _tokens;

    /// <summary>Adds the tokens that stand in the <c>added_tokens_decoder</c> of a configuration only.</summary>
    public void AddFrom(JsonPart decoder)
    {
        var items = new SortedDictionary<int, JsonPart>();
        foreach ((string name, JsonPart item) in decoder.Members())
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                throw item.Fault($"has the id '{name}', which is no number");
            items[id] = item;
        }

        foreach ((int id, JsonPart item) in items)
        {
            string content = item.Text("content");
            if (_ids.ContainsKey(content))
                continue;

            Add(item);
            if (_ids.TryGetValue(content, out int given) && given != id)
                throw item.Fault($"is '{content}' with the id {id}, but after the tokens of tokenizer.json its id is {given}");
        }
    }

    private void Add(JsonPart item)
    {
        string content = item.Text("content");
        if (content.Length == 0)
            return;

        if (!_ids.TryGetValue(content, out int id))
        {
            id = _idInVocabulary(content) ?? _next++;
            _ids[content] = id;
        }

        if (AddedToken.Read(item, id) is { } token)
            _tokens.Add(token);
    }
}
