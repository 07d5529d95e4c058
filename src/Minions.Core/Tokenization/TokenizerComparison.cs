using Minions.Core.Tokenization.AddedTokens;

namespace Minions.Core.Tokenization;

/// <summary>Tells whether a draft's tokenizer gives and means the same ids as the target's.</summary>
/// <remarks>
/// Compared is what has an effect: tokens and their ids, merges, added tokens, normalisation and splitting; not the bytes of the files, nor the
/// width of a model's logits (padding has no tokens), nor begin tokens (drafts are handed the target's ids).
/// </remarks>
internal static class TokenizerComparison
{
    /// <summary>Compares two tokenizers.</summary>
    /// <returns>
    /// The first difference, as the rest of a sentence that a caller begins, or <see langword="null"/> when there is none. A tokenizer of a kind
    /// made outside this library cannot be looked into: it is taken to be right, which is then its provider's promise.
    /// </returns>
    public static string? FindDifference(ITextTokenizer target, ITextTokenizer draft)
    {
        if (ReferenceEquals(target, draft))
            return null;
        return target is HuggingFaceTokenizer left && draft is HuggingFaceTokenizer right ? FindDifference(left, right) : null;
    }

    /// <summary>Compares with the tokenizer of a folder, which is not even loaded when its file is the same as the target's.</summary>
    /// <exception cref="ModelLoadException">The folder's tokenizer cannot be loaded.</exception>
    public static string? FindDifference(ITextTokenizer target, string draftFolder)
    {
        if (target is not HuggingFaceTokenizer known)
            return null;

        (_, byte[] content) = TokenizerFile.Read(draftFolder);
        return TokenizerFile.Fingerprint(draftFolder, content) == known.Fingerprint ? null : FindDifference(known, HuggingFaceTokenizer.Load(draftFolder));
    }

    private static string? FindDifference(HuggingFaceTokenizer target, HuggingFaceTokenizer draft)
    {
        if (target.Fingerprint == draft.Fingerprint)
            return null;
        return Tokens(target, draft)
            ?? AddedTokens(target, draft)
            ?? target.Model.FindDifference(draft.Model)
            ?? Steps("normalizer", target.Normalizers, draft.Normalizers)
            ?? Steps("pre-tokenizer", target.PreTokenizers, draft.PreTokenizers);
    }

    private static string? Tokens(HuggingFaceTokenizer target, HuggingFaceTokenizer draft)
    {
        for (int id = 0; id < Math.Max(target.VocabularySize, draft.VocabularySize); id++)
        {
            if (target.Tokens[id] != draft.Tokens[id])
                return $"id {id} is {Quote(target.Tokens[id])} in the target's tokenizer and {Quote(draft.Tokens[id])} in the draft's";
        }

        return null;
    }

    private static string? AddedTokens(HuggingFaceTokenizer target, HuggingFaceTokenizer draft)
    {
        AddedToken[] left = target.AddedTokens.OrderBy(token => token.Id).ToArray();
        AddedToken[] right = draft.AddedTokens.OrderBy(token => token.Id).ToArray();
        foreach (AddedToken token in left.Except(right).Concat(right.Except(left)))
        {
            return $"the added token {Quote(token.Content)} (id {token.Id}) is {Describe(left, token.Id)} in the target's tokenizer and {Describe(right, token.Id)} in the draft's";
        }

        return null;

        static string Describe(AddedToken[] tokens, int id) =>
            Array.Find(tokens, token => token.Id == id) is { } token
                ? $"(special: {token.Special}, normalized: {token.Normalized}, single_word: {token.SingleWord}, lstrip: {token.LeftStrip}, rstrip: {token.RightStrip})"
                : "missing";
    }

    private static string? Steps<T>(string kind, IReadOnlyList<T> target, IReadOnlyList<T> draft)
        where T : notnull
    {
        for (int index = 0; index < Math.Max(target.Count, draft.Count); index++)
        {
            T? here = index < target.Count ? target[index] : default;
            T? there = index < draft.Count ? draft[index] : default;
            if (!Equals(here, there))
                return Difference($"{kind} {index + 1}", here?.ToString() ?? "missing", there?.ToString() ?? "missing");
        }

        return null;
    }

    private static string Difference(string what, string target, string draft) =>
        $"{what} is {target} in the target's tokenizer and {draft} in the draft's";

    private static string Quote(string? token) => token is null ? "missing" : $"'{token}'";
}
