namespace Minions.Core.Tokenization.Models;

/// <summary>The <c>model</c> of a <c>tokenizer.json</c>: turns one word into ids. Thread-safe.</summary>
internal interface ITokenModel
{
    /// <summary>The tokens and their ids, in no order. An id has one token; a token may have several ids.</summary>
    IEnumerable<KeyValuePair<string, int>> Tokens { get; }

    /// <summary>The id that a text has as one token, or <see langword="null"/>.</summary>
    int? IdOf(string token);

    /// <summary>Appends the ids of a word that is not empty.</summary>
    /// <exception cref="ArgumentException">The vocabulary has no ids for the word, not even that of an unknown token.</exception>
    void Encode(string word, List<int> ids);
}
