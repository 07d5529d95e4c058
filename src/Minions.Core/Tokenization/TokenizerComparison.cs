namespace Minions.Core.Tokenization;

/// <summary>
/// Whether a draft can guess for a target: drafts read and propose ids, so each id that both know has to mean the same token. An id that only one
/// of them knows, such as a special token or one of a padded vocabulary, is no obstacle: the draft never guesses it and reads another in its
/// place. What the two tokenizers encode a text to does not matter either, as the target's alone does that.
/// </summary>
public static class TokenizerComparison
{
    /// <summary>Compares with the tokenizer of a draft's folder.</summary>
    /// <param name="target">The tokenizer that the target is used with.</param>
    /// <param name="draftFolder">The draft's folder.</param>
    /// <returns>
    /// The first difference, as the rest of a sentence that a caller begins, or <see langword="null"/> when there is none. A tokenizer of a kind
    /// made outside this library cannot be looked into: it is taken to be right, which is then its provider's promise.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="draftFolder"/> is empty.</exception>
    /// <exception cref="ModelLoadException">The folder's tokenizer cannot be read.</exception>
    public static string? FindDifference(ITextTokenizer target, string draftFolder)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrWhiteSpace(draftFolder);
        if (target is not HuggingFaceTokenizer known)
            return null;

        (string file, byte[] content) = TokenizerFile.Read(draftFolder);
        return TokenizerFile.Fingerprint(draftFolder, content) == known.Fingerprint ? null : FindDifference(known, TokenMeanings.Read(file, content));
    }

    private static string? FindDifference(HuggingFaceTokenizer target, IReadOnlyDictionary<int, string> draft)
    {
        int common = 0;
        foreach (int id in draft.Keys.Order())
        {
            if (target.Tokens[id] is not { } token)
                continue;
            if (token != draft[id])
                return $"id {id} is '{token}' in the target's tokenizer and '{draft[id]}' in the draft's";
            common++;
        }

        return common == 0 ? "the two tokenizers have no id in common" : null;
    }
}
