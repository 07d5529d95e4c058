using System.Globalization;
using Minions.Core.Tokenization.AddedTokens;
using Minions.Core.Tokenization.BytePairs;

namespace Minions.Core.Tokenization.Decoding;

/// <summary>Every id's token, as the decoder needs it. Immutable.</summary>
internal sealed class TokenTable
{
    private readonly string?[] _tokens;
    private readonly HashSet<int> _special;

    public TokenTable(Vocabulary vocabulary, IReadOnlyList<AddedToken> added, DecodingRules rules)
    {
        Rules = rules;
        int count = vocabulary.Ids.Values.Concat(added.Select(token => token.Id)).DefaultIfEmpty(-1).Max() + 1;
        _tokens = new string?[count];
        foreach ((string token, int id) in vocabulary.Ids)
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

    /// <summary>The byte of a byte-fallback token.</summary>
    public static bool TryGetByte(string token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
