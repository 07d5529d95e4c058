using System.Text;
using Minions.Core.Generation;

namespace Quickstart.Chat;

/// <summary>
/// Finds the tokens that a piece of an answer came from. Pieces are what tokens say, in order, without markup, and a token may be spread over several
/// updates. So tokens wait here until their text is asked for.
/// </summary>
internal sealed class TokenSpans
{
    private readonly StringBuilder _text = new();
    private readonly List<GeneratedToken> _sources = []; // One for each character.

    public void Add(IEnumerable<GeneratedToken> tokens)
    {
        foreach (GeneratedToken token in tokens)
        {
            _text.Append(token.Text);
            _sources.AddRange(Enumerable.Repeat(token, token.Text.Length));
        }
    }

    /// <summary>Cuts a piece out, and drops what was before it, which was markup.</summary>
    /// <param name="piece">The piece's text.</param>
    /// <returns>Its parts with their tokens; the whole without a token where no token says it.</returns>
    public IReadOnlyList<(string Text, GeneratedToken? Token)> Cut(string piece)
    {
        int from = _text.ToString().IndexOf(piece, StringComparison.Ordinal);
        if (from < 0)
            return [(piece, null)];

        var parts = new List<(string Text, GeneratedToken? Token)>();
        int end = from + piece.Length;
        for (int start = from; start < end;)
        {
            int next = start + 1;
            while (next < end && _sources[next].Index == _sources[start].Index)
                next++;
            parts.Add((_text.ToString(start, next - start), _sources[start]));
            start = next;
        }

        _text.Remove(0, end);
        _sources.RemoveRange(0, end);
        return parts;
    }
}
