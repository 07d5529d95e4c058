namespace Minions.Core.Tokenization;

/// <summary>Turns text into the ids of a model and back.</summary>
/// <remarks>Safe to use from several threads at once, decoders excepted.</remarks>
public interface ITextTokenizer
{
    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parseSpecialTokens">
    /// Whether special tokens written out in the text (such as <c>&lt;|im_start|&gt;</c>) become their ids, as rendered chat templates need, or
    /// are encoded like any other text, as text from an untrusted source needs.
    /// </param>
    /// <param name="addBeginToken">
    /// Whether to put the begin token in front where the model's configuration asks for it; never a second one when the text brings it.
    /// </param>
    /// <returns>The ids; none for an empty text without a begin token.</returns>
    IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = true, bool addBeginToken = true);

    /// <summary>Decodes ids into text.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out of the text.</param>
    /// <returns>The text; bytes that form no UTF-8 character become U+FFFD.</returns>
    string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true);

    /// <summary>Opens a decoder that turns one id after another into text.</summary>
    /// <param name="prompt">The ids the text continues; they are not part of what the decoder returns, but of its context.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out of the text.</param>
    /// <returns>A decoder for one request; not thread-safe.</returns>
    ITokenDecoder CreateDecoder(ReadOnlySpan<int> prompt, bool skipSpecialTokens = true);
}

/// <summary>
/// Decodes one id after another. Everything it returns, put together, is what the ids add to the decoded prompt, and no piece ends inside
/// a UTF-8 character.
/// </summary>
public interface ITokenDecoder
{
    /// <summary>Takes the next id.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The text that became certain with it; may be empty.</returns>
    string Append(int id);

    /// <summary>Ends the text.</summary>
    /// <returns>What was held back: an unfinished character becomes U+FFFD. Usually empty.</returns>
    string Complete();
}
