namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>Text of a message that is content, where special tokens are nothing but text, but for the markup that was put into it.</summary>
internal sealed class MarkedText
{
    private readonly (string Text, bool IsMarkup)[] _pieces;

    private MarkedText((string Text, bool IsMarkup)[] pieces)
    {
        _pieces = pieces;
        Text = string.Concat(pieces.Select(piece => piece.Text));
    }

    /// <summary>No text.</summary>
    public static MarkedText Empty { get; } = new([]);

    /// <summary>All of it.</summary>
    public string Text { get; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Text.Length == 0;

    /// <summary>Where the markup is.</summary>
    public Range[] MarkupRanges
    {
        get
        {
            List<Range> ranges = [];
            int at = 0;
            foreach ((string text, bool isMarkup) in _pieces)
            {
                if (isMarkup)
                    ranges.Add(at..(at + text.Length));
                at += text.Length;
            }

            return [.. ranges];
        }
    }

    public static MarkedText operator +(MarkedText left, MarkedText right) => new([.. left._pieces, .. right._pieces]);

    public static MarkedText operator +(MarkedText left, string content) => left + Content(content);

    /// <summary>Text that comes from the conversation.</summary>
    public static MarkedText Content(string text) => text.Length == 0 ? Empty : new([(text, false)]);

    /// <summary>Text whose special tokens count.</summary>
    public static MarkedText Markup(string text) => text.Length == 0 ? Empty : new([(text, true)]);

    /// <summary>Puts a separator between two texts, unless one is empty.</summary>
    public static MarkedText Join(MarkedText left, string separator, MarkedText right) =>
        left.IsEmpty ? right : right.IsEmpty ? left : left + separator + right;

    public override string ToString() => Text;
}
