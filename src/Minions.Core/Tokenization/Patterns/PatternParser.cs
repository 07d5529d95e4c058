using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.Patterns;

/// <summary>
/// Reads the expressions of <c>tokenizer.json</c>, which are in Oniguruma's own syntax over Unicode, and refuses by name what is not understood.
/// </summary>
internal sealed partial class PatternParser
{
    private static readonly CodePointSet NewLine = CodePointSet.Of('\n', '\n');

    private readonly int[] _source;
    private readonly Dictionary<string, List<int>> _names = new(StringComparer.Ordinal);
    private readonly bool _named;
    private int _position;
    private int _captures;
    private int _depth;
    private int _highestReference;
    private bool _lookingBehind;
    private Options _options;

    private PatternParser(string expression)
    {
        _source = [.. expression.EnumerateRunes().Select(rune => rune.Value)];
        _named = HasNamedGroup(expression);
    }

    [Flags]
    private enum Options
    {
        None = 0,
        IgnoreCase = 1,
        Extended = 2,
        DotMatchesAll = 4,
    }

    private bool AtEnd => _position >= _source.Length;

    /// <summary>Reads an expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="hasReferences">Whether it has back references, for which captures are kept.</param>
    /// <exception cref="NotSupportedException">Something is not understood; the message names it.</exception>
    public static PatternNode Parse(string expression, out bool hasReferences)
    {
        var parser = new PatternParser(expression);
        PatternNode node = parser.Alternatives();
        if (!parser.AtEnd)
            throw new NotSupportedException("a group is closed that was not opened");
        if (parser._highestReference > parser._captures)
            throw new NotSupportedException($"a reference to group {parser._highestReference}, of {parser._captures}");

        hasReferences = parser._highestReference != 0;
        return node;
    }

    private static bool HasNamedGroup(string expression)
    {
        for (int at = expression.IndexOf("(?", StringComparison.Ordinal); at >= 0; at = expression.IndexOf("(?", at + 1, StringComparison.Ordinal))
        {
            if (at + 3 < expression.Length && (expression[at + 2] == '\'' || (expression[at + 2] == '<' && expression[at + 3] is not ('=' or '!'))))
                return true;
        }

        return false;
    }

    /// <summary>Reads up to the end or the bracket that closes the group.</summary>
    private PatternNode Alternatives()
    {
        const int Deepest = 250;
        if (++_depth > Deepest)
            throw new NotSupportedException($"more than {Deepest} groups in each other");

        var choices = new List<PatternNode> { Sequence() };
        while (!AtEnd && _source[_position] == '|')
        {
            _position++;
            choices.Add(Sequence());
        }

        _depth--;
        return choices.Count == 1 ? choices[0] : new AlternationNode(choices);
    }

    private PatternNode Sequence()
    {
        var items = new List<PatternNode>();
        while (!AtEnd && _source[_position] is not ('|' or ')'))
        {
            if (SkipIgnored())
                continue;
            items.Add(Repetitions(Atom()));
        }

        return CaseExpansion.Expand(items, _lookingBehind);
    }

    /// <summary>Skips white space and comments where the option for them is on, and comment groups.</summary>
    private bool SkipIgnored()
    {
        if (LooksAt("(?#"))
        {
            int close = Array.IndexOf(_source, ')', _position);
            _position = close < 0 ? throw new NotSupportedException("a comment is not closed") : close + 1;
            return true;
        }

        if (!_options.HasFlag(Options.Extended) || !(_source[_position] is ' ' or (>= '\t' and <= '\r') or '#'))
            return false;

        if (_source[_position] == '#')
        {
            while (!AtEnd && _source[_position] != '\n')
                _position++;
        }
        else
        {
            _position++;
        }

        return true;
    }

    /// <summary>Reads what a quantifier applies to.</summary>
    private PatternNode Atom()
    {
        int current = _source[_position];
        switch (current)
        {
            case '(':
                return Group();
            case '[':
                return Class();
            case '\\':
                return Escape();
            case '.':
                _position++;
                return new SetNode(_options.HasFlag(Options.DotMatchesAll) ? CodePointSet.All : NewLine.Complement());
            case '^':
                _position++;
                return new AnchorNode(@"(?:\A|(?<=\n)(?!\z))");
            case '$':
                _position++;
                return new AnchorNode(@"(?=\n|\z)");
            case '*' or '+' or '?':
                throw new NotSupportedException($"a '{(char)current}' with nothing before it");
            case '{' when Interval() is not null:
                throw new NotSupportedException("an interval with nothing before it");
            default:
                _position++;
                return new LiteralNode(current, _options.HasFlag(Options.IgnoreCase));
        }
    }

    private bool LooksAt(string text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (_position + index >= _source.Length || _source[_position + index] != text[index])
                return false;
        }

        return true;
    }

    private int Peek(int ahead = 0) => _position + ahead < _source.Length ? _source[_position + ahead] : -1;
}
