using Minions.Core.Tokenization;

namespace Minions.Benchmarks.Tests.EndToEnd;

/// <summary>A tokenizer whose ids are the letters, from a = 0 on.</summary>
internal sealed class LetterIds : ITextTokenizer
{
    public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens, bool addBeginToken) => [.. text.Select(letter => letter - 'a')];

    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens) => throw new NotSupportedException();

    public ITokenDecoder CreateDecoder(ReadOnlySpan<int> prompt) => throw new NotSupportedException();
}
