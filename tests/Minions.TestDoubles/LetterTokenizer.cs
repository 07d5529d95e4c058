using Minions.Core.Tokenization;

namespace Minions.TestDoubles;

/// <summary>Ids are letters: 0 is "a", 1 is "b", and so on.</summary>
public sealed class LetterTokenizer : ITextTokenizer
{
    public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = true, bool addBeginToken = true) => [.. text.Select(letter => letter - 'a')];

    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) => string.Concat(ids.Select(Letter));

    public ITokenDecoder CreateDecoder(ReadOnlySpan<int> prompt) => new Decoder();

    private static char Letter(int id) => (char)('a' + id);

    private sealed class Decoder : ITokenDecoder
    {
        public string Append(int id) => Letter(id).ToString();

        public string Complete() => string.Empty;
    }
}
