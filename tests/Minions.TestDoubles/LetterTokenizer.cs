using Minions.Core.Tokenization;

namespace Minions.TestDoubles;

/// <summary>Ids are letters: 0 is "a", 1 is "b", and so on; whatever is no small letter reads as "a".</summary>
public sealed class LetterTokenizer : ITextTokenizer
{
    public const int Vocabulary = 26;

    public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = true, bool addBeginToken = true) =>
        [.. text.Select(letter => char.IsAsciiLetterLower(letter) ? letter - 'a' : 0)];

    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) => string.Concat(ids.Select(Letter));

    public ITokenDecoder CreateDecoder(ReadOnlySpan<int> prompt, bool skipSpecialTokens = true) => new Decoder();

    private static char Letter(int id) => (char)('a' + id);

    private sealed class Decoder : ITokenDecoder
    {
        public string Append(int id) => Letter(id).ToString();

        public string Complete() => string.Empty;
    }
}
