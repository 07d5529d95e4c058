using System.Buffers;
using System.Text;
using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.AddedTokens;

/// <summary>Finds added tokens in a text: the leftmost match, of several at one place the longest. Thread-safe.</summary>
internal sealed class AddedTokenFinder
{
    private static readonly Lazy<CodePointSet> Words = new(() => UnicodeProperties.Get("word"));

    private readonly Dictionary<string, AddedToken>.AlternateLookup<ReadOnlySpan<char>> _tokens;
    private readonly SearchValues<string> _search;
    private readonly int[] _lengths;

    /// <param name="tokens">The text to look for and the token it stands for. Of two with one text the first counts.</param>
    public AddedTokenFinder(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        var byText = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach ((string text, AddedToken token) in tokens)
        {
            if (text.Length != 0)
                byText.TryAdd(text, token);
        }

        _tokens = byText.GetAlternateLookup<ReadOnlySpan<char>>();
        _search = SearchValues.Create([.. byText.Keys], StringComparison.Ordinal);
        _lengths = [.. byText.Keys.Select(text => text.Length).Distinct().OrderDescending()];
    }

    /// <summary>Cuts a text into added tokens and what lies between them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="plain">Where special tokens are not found: none that has a character in there is.</param>
    public IEnumerable<TextSegment> Split(string text, PlainRanges plain)
    {
        int taken = 0;
        for (int position = 0; position < text.Length;)
        {
            int found = text.AsSpan(position).IndexOfAny(_search);
            if (found < 0)
                break;

            int start = position + found;
            if (LongestAt(text, start, plain, out int longest) is not ({ } token, var length))
            {
                // A match that does not count still hides those inside of it. One that only begins in plain text must not hide a token behind it.
                position = plain.Contains(start, start + longest) ? start + longest : start + 1;
                continue;
            }

            int end = position = start + length;
            if (token.SingleWord && (EndsWithWord(text.AsSpan(0, start)) || BeginsWithWord(text.AsSpan(end))))
                continue;
            if (start < taken)
                continue;
            if (token.LeftStrip)
            {
                while (start > taken && char.IsWhiteSpace(text[start - 1]))
                    start--;
            }

            if (token.RightStrip)
            {
                while (end < text.Length && char.IsWhiteSpace(text[end]))
                    end++;
            }

            if (start > taken)
                yield return new TextSegment(taken, start, Token: null);
            yield return new TextSegment(start, end, token);
            taken = end;
        }

        if (taken < text.Length)
            yield return new TextSegment(taken, text.Length, Token: null);
    }

    // The longest token that counts, and how long the longest of all is.
    private (AddedToken Token, int Length)? LongestAt(string text, int start, PlainRanges plain, out int longest)
    {
        longest = 0;
        foreach (int length in _lengths)
        {
            if (length > text.Length - start || !_tokens.TryGetValue(text.AsSpan(start, length), out AddedToken? token))
                continue;

            longest = Math.Max(longest, length);
            if (!token.Special || !plain.Overlaps(start, start + length))
                return (token, length);
            if (plain.Contains(start, start + length))
                return null;
        }

        return null;
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool BeginsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool IsWord(Rune rune) => rune.Value is 0x200C or 0x200D || Words.Value.Contains(rune.Value);
}

/// <summary>A part of a text: an added token, or text without any.</summary>
internal readonly record struct TextSegment(int Start, int End, AddedToken? Token);
