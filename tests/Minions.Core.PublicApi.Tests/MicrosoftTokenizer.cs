#pragma warning disable IDE0065 // The page shows its usings with the code.
// <example>
using Microsoft.ML.Tokenizers;
using Minions.Core.Tokenization;

// </example>
namespace Minions.Core.PublicApi.Tests;

// <example>
public sealed class MicrosoftTokenizer(Tokenizer tokenizer, IReadOnlySet<int> specialTokens, int? beginToken = null) : ITextTokenizer
{
    public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = true, bool addBeginToken = true)
    {
        if (!parseSpecialTokens)
            throw new NotSupportedException("Microsoft.ML.Tokenizers always parses the special tokens that it was given.");

        IReadOnlyList<int> ids = tokenizer.EncodeToIds(text);
        return addBeginToken && beginToken is { } begin && (ids.Count == 0 || ids[0] != begin) ? [begin, .. ids] : ids;
    }

    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) =>
        tokenizer.Decode(skipSpecialTokens ? ids.Where(id => !specialTokens.Contains(id)) : ids) ?? string.Empty;

    public ITokenDecoder CreateDecoder(ReadOnlySpan<int> prompt, bool skipSpecialTokens = true) => new Decoder(this, [.. prompt], skipSpecialTokens);

    private sealed class Decoder(MicrosoftTokenizer tokenizer, List<int> ids, bool skipSpecialTokens) : ITokenDecoder
    {
        private int _shown = ids.Count;

        public string Append(int id)
        {
            ids.Add(id);
            string text = NewText();
            return text.EndsWith('\uFFFD') ? string.Empty : Show(text); // The character is not complete.
        }

        public string Complete() => Show(NewText());

        // Some tokenizers drop a space at the start of a text: a few ids before keep it.
        private string NewText()
        {
            List<int> recent = ids[Math.Max(0, _shown - 8)..];
            string before = tokenizer.Decode(recent[..^(ids.Count - _shown)], skipSpecialTokens);
            return tokenizer.Decode(recent, skipSpecialTokens)[before.Length..];
        }

        private string Show(string text)
        {
            _shown = ids.Count;
            return text;
        }
    }
}

// </example>
