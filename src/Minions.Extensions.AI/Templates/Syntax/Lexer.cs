using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Syntax;

/// <summary>
/// Cuts a template into tokens, as Jinja does with <c>trim_blocks</c> and <c>lstrip_blocks</c>: the line end behind a block goes, and so do the spaces
/// before one that begins a line. Tokens come when they are asked for, so that of several faults the first one is told.
/// </summary>
internal sealed class Lexer
{
    private readonly string _source;
    private int _position;
    private int _line = 1;
    private int _counted;

    // Whether what was read last ends a line.
    private bool _isAtLineStart = true;

    public Lexer(string source)
    {
        _source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (_source.EndsWith('\n'))
            _source = _source[..^1];
    }

    /// <summary>Where the tag begins that was read last.</summary>
    public int TagStart { get; private set; }

    public int Line => _line;

    public IEnumerable<Token> Tokens()
    {
        while (_position < _source.Length)
        {
            int tag = FindTag(_position);
            if (tag < 0)
            {
                yield return new Token(TokenType.Data, _source[_position..], LineAt(_position));
                _position = _source.Length;
                break;
            }

            int start = _position;
            char kind = _source[tag + 1];
            TagStart = tag;
            bool isRaw = kind == '%' && FindRaw(tag, "raw", out _) is not null;
            string text = Trimmed(start, tag, kind);
            if (text.Length > 0)
                yield return new Token(TokenType.Data, text, LineAt(start));

            _position = tag + (HasSign(tag + 2) ? 3 : 2);
            if (kind == '#')
            {
                SkipComment();
            }
            else if (isRaw)
            {
                string raw = ReadRaw(tag);
                if (raw.Length > 0)
                    yield return new Token(TokenType.Data, raw, LineAt(tag));
            }
            else
            {
                bool isBlock = kind == '%';
                yield return new Token(isBlock ? TokenType.BlockBegin : TokenType.VariableBegin, _source.Substring(tag, 2), LineAt(tag));
                foreach (Token token in TagTokens(isBlock))
                    yield return token;
            }
        }

        yield return new Token(TokenType.End, string.Empty, LineAt(_source.Length));
    }

    /// <summary>The tag at a place as the template writes it, on one line and cut where it is long.</summary>
    public string Excerpt(int start)
    {
        const int Longest = 80;
        if (start + 1 >= _source.Length)
            return string.Empty;

        string close = _source[start + 1] switch { '%' => "%}", '#' => "#}", _ => "}}" };
        int end = _source.IndexOf(close, start, StringComparison.Ordinal);
        string tag = _source[start..(end < 0 ? _source.Length : end + 2)];
        string line = string.Join(' ', tag.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Longest ? line : $"{line[..Longest]}…";
    }

    private static TemplateFault Fault(string message, int line, string? construct) => new TemplateFault(FaultKind.Syntax, message).At(line, construct);

    private TemplateFault Fault(string message) => Fault(message, LineAt(_position), Excerpt(TagStart));

    private int LineAt(int position)
    {
        if (position > _counted)
        {
            _line += _source.AsSpan(_counted, position - _counted).Count('\n');
            _counted = position;
        }

        return position == _counted ? _line : _line - _source.AsSpan(position, _counted - position).Count('\n');
    }

    private int FindTag(int from)
    {
        for (int at = _source.IndexOf('{', from); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '%' or '{' or '#')
                return at;
        }

        return -1;
    }

    private bool HasSign(int position) => position < _source.Length && _source[position] is '-' or '+';

    private string Trimmed(int start, int tag, char kind)
    {
        ReadOnlySpan<char> text = _source.AsSpan(start, tag - start);
        char sign = HasSign(tag + 2) ? _source[tag + 2] : ' ';
        if (sign == '-')
            return TrimEnd(text).ToString();
        if (sign == '+' || kind == '{')
            return text.ToString();

        int lineStart = text.LastIndexOf('\n') + 1;
        bool beginsLine = (lineStart > 0 || _isAtLineStart) && TrimEnd(text[lineStart..]).Length == 0;
        return (beginsLine ? text[..lineStart] : text).ToString();
    }

    private static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        while (text.Length > 0 && PythonText.IsSpace(text[^1]))
            text = text[..^1];
        return text;
    }

    private void SkipComment()
    {
        int end = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (end < 0)
            throw Fault("Missing end of comment tag");
        EndTag(end, end > _position ? _source[end - 1] : ' ', trimsLineEnd: true);
    }

    // Moves behind the end of a tag and the white space that goes with it.
    private void EndTag(int end, char sign, bool trimsLineEnd)
    {
        _position = end + 2;
        if (sign == '-')
            SkipSpaces();
        else if (sign != '+' && trimsLineEnd && _position < _source.Length && _source[_position] == '\n')
            _position++;
        _isAtLineStart = _source[_position - 1] == '\n';
    }

    private void SkipSpaces()
    {
        while (_position < _source.Length && PythonText.IsSpace(_source[_position]))
            _position++;
    }

    // The end of a tag that holds nothing but a word, if there is one at the place.
    private int? FindRaw(int tag, string word, out char sign)
    {
        sign = ' ';
        int at = tag + (HasSign(tag + 2) ? 3 : 2);
        while (at < _source.Length && PythonText.IsSpace(_source[at]))
            at++;
        if (string.CompareOrdinal(_source, at, word, 0, word.Length) != 0)
            return null;

        at += word.Length;
        while (at < _source.Length && PythonText.IsSpace(_source[at]))
            at++;
        if (at < _source.Length && (_source[at] == '-' || (_source[at] == '+' && word == "endraw")))
            sign = _source[at++];
        return string.CompareOrdinal(_source, at, "%}", 0, 2) == 0 ? at : null;
    }

    private string ReadRaw(int tag)
    {
        int begin = FindRaw(tag, "raw", out char sign)!.Value;
        EndTag(begin, sign, trimsLineEnd: false);
        int start = _position;
        for (int at = _source.IndexOf("{%", start, StringComparison.Ordinal); at >= 0; at = _source.IndexOf("{%", at + 1, StringComparison.Ordinal))
        {
            if (FindRaw(at, "endraw", out char endSign) is not { } end)
                continue;

            string text = Trimmed(start, at, '%');
            EndTag(end, endSign, trimsLineEnd: true);
            return text;
        }

        // As in Jinja, nothing has to end where nothing is left.
        return start == _source.Length ? string.Empty : throw Fault("Missing end of raw directive");
    }

    private IEnumerable<Token> TagTokens(bool isBlock)
    {
        string close = isBlock ? "%}" : "}}";
        var open = new Stack<string>();
        var words = new WordLexer(_source);
        while (_position < _source.Length)
        {
            if (open.Count == 0 && EndOfTag(close, isBlock) is { } end)
            {
                yield return new Token(isBlock ? TokenType.BlockEnd : TokenType.VariableEnd, close, LineAt(_position));
                EndTag(end, end > _position ? _source[_position] : ' ', trimsLineEnd: isBlock);
                yield break;
            }

            if (PythonText.IsSpace(_source[_position]))
            {
                SkipSpaces();
                continue;
            }

            int line = LineAt(_position);
            (string type, string text, int next) = Guarded(() => words.Read(_position), line);
            Balance(type, open);
            _position = next;
            yield return new Token(type, text, line);
        }
    }

    private int? EndOfTag(string close, bool isBlock)
    {
        int at = _position + (_source[_position] == '-' || (isBlock && _source[_position] == '+') ? 1 : 0);
        return string.CompareOrdinal(_source, at, close, 0, 2) == 0 ? at : null;
    }

    private T Guarded<T>(Func<T> read, int line)
    {
        try
        {
            return read();
        }
        catch (TemplateFault fault)
        {
            throw fault.At(line, Excerpt(TagStart));
        }
    }

    private void Balance(string type, Stack<string> open)
    {
        switch (type)
        {
            case "(":
                open.Push(")");
                break;
            case "[":
                open.Push("]");
                break;
            case "{":
                open.Push("}");
                break;
            case ")" or "]" or "}":
                if (open.Count == 0)
                    throw Fault($"unexpected '{type}'");
                if (open.Pop() is var expected && expected != type)
                    throw Fault($"unexpected '{type}', expected '{expected}'");
                break;
        }
    }
}
