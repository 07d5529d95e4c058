using Minions.Core.Tokenization.BytePairs;
using Minions.Core.Tokenization.Patterns;
using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.PreTokenization;

/// <summary>
/// Cuts a normalised text into the pieces inside which tokens are merged, and may rewrite them. Implementations are records: two that do the
/// same are equal, which is how tokenizers are compared.
/// </summary>
internal interface IPreTokenizer
{
    /// <param name="piece">A piece that is not empty.</param>
    /// <param name="atStart">Whether the piece begins where the whole text begins.</param>
    /// <param name="pieces">Takes the pieces.</param>
    void Split(string piece, bool atStart, List<string> pieces);
}

/// <summary>Cuts at the matches of a pattern.</summary>
internal sealed record SplitPreTokenizer(TextPattern Pattern, SplitBehavior Behavior, bool Invert) : IPreTokenizer
{
    public void Split(string piece, bool atStart, List<string> pieces) =>
        Splitting.Cut(piece, Pattern.Matches(piece), Behavior, Invert, pieces);
}

/// <summary>Sets digits apart from the rest, one by one or in runs. A digit is any character of the category Number.</summary>
internal sealed record DigitsPreTokenizer(bool Individual) : IPreTokenizer
{
    private static readonly Lazy<CodePointSet> Numbers = new(() => UnicodeProperties.Get("tokenizers number"));

    public void Split(string piece, bool atStart, List<string> pieces) =>
        Splitting.Cut(piece, CharacterSearch.In(piece, Numbers.Value), Individual ? SplitBehavior.Isolated : SplitBehavior.Contiguous, invert: false, pieces);
}

/// <summary>Cuts by GPT-2's expression where asked to, and writes every byte of the UTF-8 text as a character of <see cref="ByteAlphabet"/>.</summary>
internal sealed record ByteLevelPreTokenizer(bool AddPrefixSpace, bool UseExpression) : IPreTokenizer
{
    // Every character is matched by one alternative, so that nothing lies between the matches.
    private static readonly TextPattern Words = TextPattern.OfExpression(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    public void Split(string piece, bool atStart, List<string> pieces)
    {
        if (AddPrefixSpace && piece[0] != ' ')
            piece = ' ' + piece;
        if (!UseExpression)
        {
            pieces.Add(ByteAlphabet.Write(piece));
            return;
        }

        foreach (TextRange word in Words.Matches(piece))
            pieces.Add(ByteAlphabet.Write(piece.AsSpan(word.Start, word.End - word.Start)));
    }
}

/// <summary>Which pieces get SentencePiece's begin-of-word mark where they do not begin with a space.</summary>
internal enum PrependScheme
{
    Always,
    First,
    Never,
}

/// <summary>Writes spaces as SentencePiece's mark and cuts before each of them where asked to.</summary>
internal sealed record MetaspacePreTokenizer(string Replacement, PrependScheme Prepend, bool Cut) : IPreTokenizer
{
    public void Split(string piece, bool atStart, List<string> pieces)
    {
        piece = piece.Replace(" ", Replacement, StringComparison.Ordinal);
        if ((Prepend == PrependScheme.Always || (Prepend == PrependScheme.First && atStart))
            && !piece.StartsWith(Replacement, StringComparison.Ordinal))
            piece = Replacement + piece;

        if (Cut)
            Splitting.Cut(piece, Marks(piece), SplitBehavior.MergedWithNext, invert: false, pieces);
        else
            pieces.Add(piece);
    }

    private IEnumerable<TextRange> Marks(string text)
    {
        for (int start = 0; (start = text.IndexOf(Replacement, start, StringComparison.Ordinal)) >= 0; start += Replacement.Length)
            yield return new TextRange(start, start + Replacement.Length);
    }
}
