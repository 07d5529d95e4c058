using Minions.Core.Tokenization.AddedTokens;

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

    /// <summary>
    /// Encodes a text, such as a rendered chat template, in which special tokens become their ids but for the parts that come from somebody else.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="plainRanges">
    /// The parts in which special tokens written out are encoded like any other text, in order and without overlaps. A special token that only begins or ends
    /// in one of them is text as well.
    /// </param>
    /// <param name="addBeginToken">
    /// Whether to put the begin token in front where the model's configuration asks for it; never a second one when the text brings it.
    /// </param>
    /// <returns>The ids; none for an empty text without a begin token.</returns>
    /// <remarks>
    /// This implementation encodes piece by piece, so that no token reaches over the border of a part; a tokenizer that can do better encodes the text
    /// as a whole.
    /// </remarks>
    /// <exception cref="ArgumentException">A range lies outside of the text, or begins before the end of the one before it.</exception>
    IReadOnlyList<int> EncodePrompt(string text, IReadOnlyList<Range> plainRanges, bool addBeginToken = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(plainRanges);
        var ids = new List<int>();
        int from = 0;
        foreach ((int start, int end) in PlainRanges.Of(plainRanges, text.Length, nameof(plainRanges)).Ranges)
        {
            Add(text[from..start], parseSpecialTokens: true);
            Add(text[start..end], parseSpecialTokens: false);
            from = end;
        }

        Add(text[from..], parseSpecialTokens: true);
        return text.Length == 0 ? Encode(text, parseSpecialTokens: true, addBeginToken) : ids;

        void Add(string piece, bool parseSpecialTokens)
        {
            if (piece.Length > 0)
                ids.AddRange(Encode(piece, parseSpecialTokens, addBeginToken && ids.Count == 0));
        }
    }

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
