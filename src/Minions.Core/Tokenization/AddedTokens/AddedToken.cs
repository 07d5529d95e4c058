using Minions.Core.Json;

namespace Minions.Core.Tokenization.AddedTokens;

/// <summary>A token that is found in the text as a whole, before any splitting and merging.</summary>
/// <param name="Id">The id.</param>
/// <param name="Content">The text.</param>
/// <param name="SingleWord">Found only where no letter or digit adjoins.</param>
/// <param name="LeftStrip">Takes the white space before it.</param>
/// <param name="RightStrip">Takes the white space after it.</param>
/// <param name="Normalized">Looked for in the normalised text (and normalised itself) instead of the raw one.</param>
/// <param name="Special">A control token: found only where special tokens are parsed, left out of decoded text.</param>
internal sealed record AddedToken(int Id, string Content, bool SingleWord, bool LeftStrip, bool RightStrip, bool Normalized, bool Special)
{
    /// <summary>Reads a token's text and options; none where it has no text.</summary>
    public static AddedToken? Read(JsonPart part, int id)
    {
        bool special = part.Flag("special", absent: false);
        var token = new AddedToken(
            id,
            part.Text("content"),
            part.Flag("single_word", absent: false),
            part.Flag("lstrip", absent: false),
            part.Flag("rstrip", absent: false),
            part.Flag("normalized", absent: !special),
            special);
        return token.Content.Length == 0 ? null : token;
    }
}
