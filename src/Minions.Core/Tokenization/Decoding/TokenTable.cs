using Minions.Core.Tokenization.AddedTokens;

namespace Minions.Core.Tokenization.Decoding;

/// <summary>Every id's token, as the decoder needs it. Immutable.</summary>
internal sealed class TokenTable
{
    private readonly string?[] _tokens;
    private readonly HashSet<int> _special;

    public TokenTable(IEnumerable<KeyValuePair<string, int>> vocabulary, IReadOnlyList<AddedToken> added, DecodingRules rules)
    {
        Rules = rules;
        int count = vocabulary.Select(token => token.Value).Concat(added.Select(token => token.Id)).DefaultIfEmpty(-1).Max() + 1;
        _tokens = new string?[count];
        foreach ((string token, int id) in vocabulary)
            _tokens[id] = token;
        foreach (AddedToken token in added)
            _tokens[token.Id] = token.Content;
        _special = [.. added.Where(token => token.Special).Select(token => token.Id)];
    }

    public DecodingRules Rules { get; }

    /// <summary>The highest id plus one.</summary>
    public int Count => _tokens.Length;

    /// <summary>The token of an id, or <see langword="null"/> for an id without one (a padded vocabulary has such).</summary>
    public string? this[int id] => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    public bool IsSpecial(int id) => _special.Contains(id);
}
