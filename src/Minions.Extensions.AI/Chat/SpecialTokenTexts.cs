using System.Collections.Concurrent;
using Minions.Core.Tokenization;

namespace Minions.Extensions.AI.Chat;

/// <summary>How the special tokens of a tokenizer are written, found out token by token. May be used from several threads.</summary>
internal sealed class SpecialTokenTexts(ITextTokenizer tokenizer)
{
    private readonly ConcurrentDictionary<int, string?> _known = [];

    /// <summary>How a token is written if it is special, else <see langword="null"/>.</summary>
    public string? Of(int id) => _known.GetOrAdd(id, Find);

    private string? Find(int id) =>
        tokenizer.Decode([id], skipSpecialTokens: true).Length == 0 && tokenizer.Decode([id], skipSpecialTokens: false) is { Length: > 0 } text ? text : null;
}
