namespace Minions.Core.Tokenization.Patterns;

internal sealed partial class OnigurumaTranslator
{
    private void Class()
    {
        _result.Append('[');
        _position++;
        if (Peek() == '^')
        {
            _result.Append('^');
            _position++;
        }

        if (Peek() == ']')
            throw new NotSupportedException("a character class that is empty or begins with ']'");

        while (Peek() != ']')
        {
            if (ClassItem() is not { } first)
                continue;

            char last = first;
            if (Peek() == '-' && _position + 1 < _source.Length && _source[_position + 1] != ']')
            {
                _position++;
                last = ClassItem() ?? throw new NotSupportedException("a range that ends in a class of characters");
            }

            ClassRange(first, last);
        }

        _result.Append(']');
        _position++;
    }

    /// <summary>A single character, or <see langword="null"/> after a class of them was written.</summary>
    private char? ClassItem()
    {
        char current = Peek();
        if (current == '[')
            throw new NotSupportedException("a character class inside a character class");
        if (current == '&' && _position + 1 < _source.Length && _source[_position + 1] == '&')
            throw new NotSupportedException("the intersection '&&' of character classes");
        if (current != '\\')
        {
            _position++;
            return current;
        }

        (EscapeKind kind, string value) = ReadEscape();
        if (kind == EscapeKind.Character)
            return value[0];
        if (kind == EscapeKind.Word)
            _result.Append(value == "w" ? WordClass : throw new NotSupportedException(@"'\W' inside a character class"));
        else
            _result.Append(value);
        return null;
    }

    private void ClassRange(char first, char last)
    {
        RefuseUnmatchable(first, last);
        AppendCharacter(first);
        if (last != first)
        {
            _result.Append('-');
            AppendCharacter(last);
        }

        if (_ignoreCase && (first <= 's' && last >= 's' || first <= 'S' && last >= 'S'))
            _result.Append(@"\u017F");
    }

    private char Peek() => _position < _source.Length ? _source[_position] : throw new NotSupportedException("a character class is not closed");
}
