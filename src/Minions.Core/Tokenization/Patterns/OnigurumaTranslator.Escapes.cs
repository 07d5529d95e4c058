using System.Globalization;

namespace Minions.Core.Tokenization.Patterns;

internal sealed partial class OnigurumaTranslator
{
    private enum EscapeKind
    {
        Character,
        Class,
        Word,
    }

    private (EscapeKind Kind, string Value) ReadEscape()
    {
        if (_position + 1 >= _source.Length)
            throw new NotSupportedException(@"a '\' at the end");

        char letter = _source[_position + 1];
        _position += 2;
        return letter switch
        {
            's' or 'S' or 'd' or 'D' => (EscapeKind.Class, $"\\{letter}"),
            'w' or 'W' => (EscapeKind.Word, letter.ToString()),
            'p' or 'P' => (EscapeKind.Class, Property(letter)),
            'n' => Character('\n'),
            'r' => Character('\r'),
            't' => Character('\t'),
            'f' => Character('\f'),
            'v' => Character('\v'),
            'a' => Character('\a'),
            'e' => Character('\e'),
            'u' => Character(Hexadecimal(4)),
            'x' when _position < _source.Length && _source[_position] == '{' => Character(BracedHexadecimal()),
            'x' => Character(Hexadecimal(2)),
            _ when !char.IsAsciiLetterOrDigit(letter) => Character(letter),
            _ => throw new NotSupportedException($"the escape '\\{letter}'"),
        };
    }

    private static (EscapeKind Kind, string Value) Character(char character) => (EscapeKind.Character, character.ToString());

    private string Property(char letter)
    {
        int end = _position < _source.Length && _source[_position] == '{' ? _source.IndexOf('}', _position) : -1;
        if (end < 0)
            throw new NotSupportedException($"'\\{letter}' without a name in braces");

        string name = _source[(_position + 1)..end];
        _position = end + 1;
        bool negated = letter == 'P';
        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        if (!Categories.Contains(name))
            throw new NotSupportedException($"the property '\\p{{{name}}}' (only general categories are)");
        return $"\\{(negated ? 'P' : 'p')}{{{name}}}";
    }

    private char Hexadecimal(int digits)
    {
        if (_position + digits > _source.Length
            || !ushort.TryParse(_source.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value))
            throw new NotSupportedException($"an escape without its {digits} hexadecimal digits");
        _position += digits;
        return (char)value;
    }

    private char BracedHexadecimal()
    {
        int end = _source.IndexOf('}', _position);
        ReadOnlySpan<char> digits = end < 0 ? default : _source.AsSpan(_position + 1, end - _position - 1);
        if (!uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value))
            throw new NotSupportedException(@"an '\x{' without hexadecimal digits");
        if (value > char.MaxValue)
            throw new NotSupportedException("a character outside the Basic Multilingual Plane");

        _position = end + 1;
        return (char)value;
    }
}
