namespace Minions.Extensions.AI.ToolCalls.Reading;

/// <summary>Finds where a bracketed value ends, in text that is still arriving: JSON, or a list or call in Python.</summary>
/// <remarks>Holds how far it has come, so that no character is looked at twice.</remarks>
internal sealed class BracketExtent
{
    private const int Deepest = 512;

    private readonly bool _isPython;
    private readonly Stack<char> _open = new();
    private int _scanned;
    private char _quote;
    private bool _escaped;
    private int _spaceBehindQuote;

    private BracketExtent(bool isPython)
    {
        _isPython = isPython;
    }

    /// <summary>Whether the brackets do not match, so that there is no end.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The extent of a JSON object or list.</summary>
    public static BracketExtent Json() => new(false);

    /// <summary>The extent of a list, tuple, dictionary or argument list in Python.</summary>
    public static BracketExtent Python() => new(true);

    /// <summary>Takes the value, the cursor standing at its first bracket.</summary>
    /// <param name="cursor">The output. It must not be moved between tries.</param>
    /// <param name="value">The value with its brackets.</param>
    public bool TryTake(OutputCursor cursor, out string value)
    {
        value = string.Empty;
        ReadOnlySpan<char> rest = cursor.Rest;
        while (_scanned < rest.Length && !IsBroken)
        {
            if (_quote != default)
            {
                if (!TryPassStringCharacter(rest))
                    return false;
                continue;
            }

            PassBracket(rest[_scanned++]);
            if (_open.Count == 0 && !IsBroken)
            {
                value = cursor.Take(_scanned);
                return true;
            }
        }

        return false;
    }

    private bool TryPassStringCharacter(ReadOnlySpan<char> rest)
    {
        char c = rest[_scanned];
        if (_escaped)
            _escaped = false;
        else if (c == '\\')
            _escaped = true;
        else if (c == _quote)
        {
            Sight end = _isPython ? PythonStrings.EndsAt(rest, _scanned, ref _spaceBehindQuote) : Sight.Yes;
            if (end == Sight.Perhaps)
                return false;
            if (end == Sight.Yes)
                _quote = default;
            _spaceBehindQuote = 0;
        }

        _scanned++;
        return true;
    }

    private void PassBracket(char c)
    {
        switch (c)
        {
            case '"':
            case '\'' when _isPython:
                _quote = c;
                break;
            case '{':
                _open.Push('}');
                break;
            case '[':
                _open.Push(']');
                break;
            case '(' when _isPython:
                _open.Push(')');
                break;
            case '}' or ']':
            case ')' when _isPython:
                IsBroken = !_open.TryPop(out char expected) || expected != c;
                break;
        }

        IsBroken |= _open.Count > Deepest;
    }
}
