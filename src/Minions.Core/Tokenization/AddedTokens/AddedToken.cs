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
    public static IReadOnlyList<AddedToken> ReadAll(JsonPart? part)
    {
        if (part is not { } list)
            return [];

        var tokens = new List<AddedToken>();
        foreach (JsonPart item in list.Items())
        {
            int id = item.Integer("id");
            if (id < 0)
                throw item.Fault("has a negative id");

            bool special = item.Flag("special", absent: false);
            var token = new AddedToken(
                id,
                item.Text("content"),
                item.Flag("single_word", absent: false),
                item.Flag("lstrip", absent: false),
                item.Flag("rstrip", absent: false),
                item.Flag("normalized", absent: !special),
                special);
            if (token.Content.Length != 0)
                tokens.Add(token);
        }

        return tokens;
    }
}
