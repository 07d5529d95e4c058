using Minions.Core.Tokenization;

namespace Quickstart.Tests.Doubles;

/// <summary>26 ids, one a letter; anything else reads as the first one.</summary>
internal sealed class LetterTokenizer : ITextTokenizer
{
    public const int Vocabulary = 26;

    public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = true, bool addBeginToken = true) =>
        [.. text.Select(letter => letter is >= 'a' and <= 'z' ? letter - 'a' : 0)];

    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) => string.Concat(ids.Select(Letter));

    public ITokenDecoder CreateDecoder(ReadOnlySpan<int> prompt) => new Decoder();

    private static char Letter(int id) => (char)('a' + id);

    private sealed class Decoder : ITokenDecoder
    {
        public string Append(int id) => Letter(id).ToString();

        public string Complete() => "";
    }
}
