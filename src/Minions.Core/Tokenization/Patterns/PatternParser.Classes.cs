using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.Patterns;

internal sealed partial class PatternParser
{
    private static readonly HashSet<string> Brackets = new(StringComparer.Ordinal)
    {
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit", "word",
    };

    private PatternNode Class()
    {
        (CodePointSet set, bool negated) = ClassContent();
        if (!_options.HasFlag(Options.IgnoreCase))
            return new SetNode(negated ? set.Complement() : set);

        // Case is ignored in what the brackets hold, before they are negated.
        set = CaseFolding.Instance.Close(set);
        return negated ? new SetNode(set.Complement()) : CaseExpansion.WithFoldedStrings(set);
    }

    private (CodePointSet Set, bool Negated) ClassContent()
    {
        _position++;
        bool negated = Peek() == '^';
        if (negated)
            _position++;

        // A ']' at the start stands for itself where another one follows.
        bool literalBracket = Peek() == ']' && Array.IndexOf(_source, ']', _position + 1) > 0;
        if (Peek() == ']' && !literalBracket)
            throw new NotSupportedException("a character class that is empty");

        CodePointSet? before = null;
        var ranges = new List<CodePointRange>();
        bool afterSet = false;
        while (Peek() != ']' || literalBracket)
        {
            if (AtEnd)
                throw new NotSupportedException("a character class is not closed");

            if (LooksAt("&&"))
            {
                _position += 2;
                before = And(before, ranges);
                ranges.Clear();
                afterSet = false;
            }
            else if (Peek() == '[')
            {
                ranges.AddRange(InnerSet().Ranges);
                afterSet = false;
            }
            else
            {
                if (afterSet && Peek() == '-' && !EndsClassPart(1))
                    throw new NotSupportedException("a '-' between a class of characters and something else");
                afterSet = ClassItem(ranges);
            }

            literalBracket = false;
        }

        _position++;
        return (And(before, ranges), negated);

        static CodePointSet And(CodePointSet? left, List<CodePointRange> right) =>
            left is null ? CodePointSet.Of(right) : left.Intersect(CodePointSet.Of(right));
    }

    /// <summary>Reads a character, a range of them, or an escape for a set.</summary>
    /// <returns>Whether it was a set.</returns>
    private bool ClassItem(List<CodePointRange> ranges)
    {
        (CodePointSet? set, int first) = ClassAtom();
        if (set is not null)
        {
            ranges.AddRange(set.Ranges);
            return true;
        }

        int last = first;
        if (Peek() == '-' && !EndsClassPart(1))
        {
            _position++;
            (set, last) = Peek() == '[' ? (CodePointSet.Empty, 0) : ClassAtom();
            if (set is not null)
                throw new NotSupportedException("a range that ends in a class of characters");
            if (last < first)
                throw new NotSupportedException($"the range U+{first:X4} to U+{last:X4}, which is empty");
        }

        if (first <= CodePointSet.Last)
            ranges.Add(new CodePointRange(first, Math.Min(last, CodePointSet.Last)));
        return false;
    }

    private (CodePointSet? Set, int Point) ClassAtom() => Peek() switch
    {
        -1 => throw new NotSupportedException("a character class is not closed"),
        '\\' => SetOrCharacter(),
        _ => (null, _source[_position++]),
    };

    private bool EndsClassPart(int ahead) => Peek(ahead) is ']' or -1 || (Peek(ahead) == '&' && Peek(ahead + 1) == '&');

    private CodePointSet InnerSet()
    {
        int start = Peek(2) == '^' ? 3 : 2;
        int end = start;
        while (Peek(end) is >= 'a' and <= 'z')
            end++;
        if (Peek(1) != ':' || Peek(end) != ':' || Peek(end + 1) != ']')
        {
            (CodePointSet set, bool negated) = ClassContent();
            return negated ? set.Complement() : set;
        }

        string name = string.Concat(_source[(_position + start)..(_position + end)].Select(char.ConvertFromUtf32));
        if (!Brackets.Contains(name))
            throw new NotSupportedException($"the bracket '[:{name}:]'");

        _position += end + 2;
        CodePointSet bracket = UnicodeProperties.Get(name == "punct" ? "posixpunct" : name);
        return start == 3 ? bracket.Complement() : bracket;
    }
}
