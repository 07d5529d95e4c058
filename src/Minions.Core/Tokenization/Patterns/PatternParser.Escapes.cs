using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.Patterns;

internal sealed partial class PatternParser
{
    private const string Word = "word";

    // Oniguruma looks characters below U+0100 up in another table where \w and \b stand outside of brackets: there these numbers are words too.
    private static readonly CodePointSet WordOutside = UnicodeProperties.Get(Word).Union(CodePointSet.Of([0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE]));

    private PatternNode Escape()
    {
        int letter = Peek(1);
        switch (letter)
        {
            case 'b' or 'B':
                _position += 2;
                return WordBoundary(inside: letter == 'B');
            case 'A' or 'z' or 'Z' or 'G':
                _position += 2;
                return new AnchorNode($"\\{(char)letter}");
            case 'w' or 'W':
                _position += 2;
                return new SetNode(letter == 'w' ? WordOutside : WordOutside.Complement());
            case 'R':
                _position += 2;
                return new GroupNode("(?>", new AlternationNode(
                    [new SequenceNode([Plain('\r'), Plain('\n')]), new SetNode(CodePointSet.Of('\n', '\r').Union(CodePointSet.Of([0x85, 0x2028, 0x2029])))]));
            case 'O':
                _position += 2;
                return new SetNode(CodePointSet.All);
            case 'N':
                _position += 2;
                return new SetNode(NewLine.Complement());
            case 'k' when Peek(2) is '<' or '\'':
                _position += 2;
                return BackReference(Name());
            case >= '1' and <= '9' when GroupNumber(out int digits) is { } number:
                _position += 1 + digits;
                return BackReference(number);
            case 'X' or 'K' or 'y' or 'Y' or 'g' or 'k':
                throw new NotSupportedException($"the escape '\\{(char)letter}'");
        }

        (CodePointSet? set, int point) = SetOrCharacter();
        return set is null ? new LiteralNode(point, _options.HasFlag(Options.IgnoreCase)) : new SetNode(set);

        static SetNode Plain(char character) => new(CodePointSet.Of(character, character));
    }

    private static AlternationNode WordBoundary(bool inside)
    {
        var word = new SetNode(WordOutside);
        var behind = new GroupNode("(?<=", word);
        var ahead = new GroupNode("(?=", word);
        var notBehind = new GroupNode("(?<!", word);
        var notAhead = new GroupNode("(?!", word);
        return inside
            ? new AlternationNode([new SequenceNode([behind, ahead]), new SequenceNode([notBehind, notAhead])])
            : new AlternationNode([new SequenceNode([behind, notAhead]), new SequenceNode([notBehind, ahead])]);
    }

    /// <summary>A number behind a backslash is a group up to 9, and above where there were as many groups before; else it is octal.</summary>
    private int? GroupNumber(out int digits)
    {
        int number = 0;
        for (digits = 0; Peek(1 + digits) is >= '0' and <= '9' && digits < 4; digits++)
            number = (number * 10) + Peek(1 + digits) - '0';
        return number <= 9 || number <= _captures ? number : null;
    }

    private BackReferenceNode BackReference(int number)
    {
        if (_named)
            throw new NotSupportedException($"the reference '\\{number}' beside named groups");
        return BackReference([number]);
    }

    private BackReferenceNode BackReference(string name)
    {
        if (int.TryParse(name, out int number))
            return BackReference(number > 0 ? number : _captures + 1 + number);
        if (!_names.TryGetValue(name, out List<int>? numbers))
            throw new NotSupportedException($"a reference to the group '{name}', which does not stand before it");
        return BackReference([.. numbers]);
    }

    private BackReferenceNode BackReference(int[] numbers)
    {
        if (numbers.Min() < 1)
            throw new NotSupportedException("a reference to a group that does not exist");
        if (_options.HasFlag(Options.IgnoreCase))
            throw new NotSupportedException("a back reference that ignores case");

        _highestReference = Math.Max(_highestReference, numbers.Max());
        return new BackReferenceNode(numbers);
    }

    /// <summary>Reads an escape that means the same inside a class of characters and outside.</summary>
    private (CodePointSet? Set, int Point) SetOrCharacter()
    {
        int letter = Peek(1);
        if (letter < 0)
            throw new NotSupportedException(@"a '\' at the end");

        _position += 2;
        return letter switch
        {
            'w' or 'W' => Set(Word, letter == 'W'),
            's' or 'S' => Set("space", letter == 'S'),
            'd' or 'D' => Set("digit", letter == 'D'),
            'h' or 'H' => Set("xdigit", letter == 'H'),
            'p' or 'P' when Peek() == '{' => Property((char)letter),
            'n' => (null, '\n'),
            'r' => (null, '\r'),
            't' => (null, '\t'),
            'f' => (null, '\f'),
            'v' => (null, '\v'),
            'a' => (null, '\a'),
            'e' => (null, '\e'),
            'b' => (null, '\b'),
            'u' => (null, Digits(16, least: 4, most: 4)),
            'x' when Peek() == '{' => (null, Braced(16)),
            'x' => (null, Ascii(Digits(16, least: 0, most: 2))),
            'o' when Peek() == '{' => (null, Braced(8)),
            'c' => (null, Control()),
            'C' when Peek() == '-' => (null, Control(skip: 1)),
            >= '0' and <= '7' => (null, Octal()),
            'M' or 'C' => throw new NotSupportedException($"the escape '\\{(char)letter}'"),
            _ => (null, letter),
        };

        static (CodePointSet?, int) Set(string name, bool negated) =>
            (negated ? UnicodeProperties.Get(name).Complement() : UnicodeProperties.Get(name), 0);
    }

    private (CodePointSet? Set, int Point) Property(char letter)
    {
        int close = Array.IndexOf(_source, '}', _position);
        if (close < 0)
            throw new NotSupportedException($"'\\{letter}{{' without a closing brace");

        string name = string.Concat(_source[(_position + 1)..close].Select(char.ConvertFromUtf32));
        _position = close + 1;
        bool negated = (letter == 'P') ^ name.StartsWith('^');
        name = name.TrimStart('^');
        CodePointSet set = UnicodeProperties.Find(name)
            ?? throw new NotSupportedException($"the property '\\p{{{name}}}', which is none of the general categories, scripts, blocks and binary properties known here");
        return (negated ? set.Complement() : set, 0);
    }

    private int Octal()
    {
        _position--;
        return Ascii(Digits(8, least: 1, most: 3));
    }

    private int Control(int skip = 0)
    {
        _position += skip;
        if (AtEnd || _source[_position] == '\\')
            throw new NotSupportedException("a control character without its letter");

        int letter = _source[_position++];
        return letter == '?' ? 0x7F : letter & 0x9F;
    }

    // From 0x80 on these escapes are bytes of a character, several of which make one.
    private static int Ascii(int value) =>
        value < 0x80 ? value : throw new NotSupportedException("an escape of a single byte above 0x7F; characters are written \\u or \\x{}");

    private int Digits(int radix, int least, int most)
    {
        int value = 0;
        int count = 0;
        for (; count < most && Digit(Peek(), radix) is { } digit; count++, _position++)
            value = (int)Math.Min(((long)value * radix) + digit, CodePointSet.Last + 1);
        return count >= least ? value : throw new NotSupportedException($"an escape without its {least} digits");
    }

    private int Braced(int radix)
    {
        _position++;
        int value = Digits(radix, least: 1, most: 11);
        if (Peek() != '}')
            throw new NotSupportedException("an escape in braces that is not one number");

        _position++;
        return value;
    }

    private static int? Digit(int letter, int radix)
    {
        int value = letter switch
        {
            >= '0' and <= '9' => letter - '0',
            >= 'a' and <= 'f' => letter - 'a' + 10,
            >= 'A' and <= 'F' => letter - 'A' + 10,
            _ => radix,
        };
        return value < radix ? value : null;
    }
}
