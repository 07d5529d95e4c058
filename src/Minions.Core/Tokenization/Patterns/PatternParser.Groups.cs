namespace Minions.Core.Tokenization.Patterns;

internal sealed partial class PatternParser
{
    private static readonly string[] PlainGroups = ["(?<=", "(?<!", "(?:", "(?=", "(?!", "(?>"];

    private PatternNode Group()
    {
        Options outside = _options;
        bool lookedBehind = _lookingBehind;
        PatternNode node;
        if (Array.Find(PlainGroups, LooksAt) is { } opening)
        {
            _position += opening.Length;
            _lookingBehind |= opening is "(?<=" or "(?<!";
            node = new GroupNode(opening, GroupBody());
        }
        else if (LooksAt("(?<") || LooksAt("(?'"))
        {
            node = NamedGroup();
        }
        else if (LooksAt("(?"))
        {
            node = OptionGroup();
        }
        else if (LooksAt("(*"))
        {
            throw new NotSupportedException("a callout '(*'");
        }
        else
        {
            _position++;
            int number = _named ? 0 : ++_captures;
            PatternNode body = GroupBody();
            node = number == 0 ? new GroupNode("(?:", body) : new CaptureNode(number, body);
        }

        _options = outside;
        _lookingBehind = lookedBehind;
        return node;
    }

    private PatternNode GroupBody()
    {
        PatternNode body = Alternatives();
        if (AtEnd)
            throw new NotSupportedException("a group is not closed");

        _position++;
        return body;
    }

    private CaptureNode NamedGroup()
    {
        _position += 2;
        string name = Name();
        int number = ++_captures;
        if (!_names.TryGetValue(name, out List<int>? numbers))
            _names[name] = numbers = [];
        numbers.Add(number);
        return new CaptureNode(number, GroupBody());
    }

    /// <summary>Reads a name with the sign before it and the one behind.</summary>
    private string Name()
    {
        int close = Array.IndexOf(_source, _source[_position] == '<' ? '>' : '\'', _position + 1);
        if (close <= _position + 1)
            throw new NotSupportedException("a group's name is not closed, or empty");

        string name = string.Concat(_source[(_position + 1)..close].Select(char.ConvertFromUtf32));
        _position = close + 1;
        return name;
    }

    private GroupNode OptionGroup()
    {
        int start = _position;
        _position += 2;
        Options options = _options;
        bool on = true;
        for (; Peek() is not (':' or ')'); _position++)
        {
            switch (Peek())
            {
                case '-':
                    on = false;
                    break;
                case 'i' or 'm' or 'x':
                    Options option = Peek() switch { 'i' => Options.IgnoreCase, 'm' => Options.DotMatchesAll, _ => Options.Extended };
                    options = on ? options | option : options & ~option;
                    break;
                default:
                    string group = string.Concat(_source.Skip(start).Take(4).Select(char.ConvertFromUtf32));
                    throw new NotSupportedException($"the group '{group}'");
            }
        }

        bool alone = Peek() == ')';
        _position++;
        _options = options;

        // Options that stand alone hold to the end of the group around them, alternatives included: a(?i)b|c is a(?i:b|c).
        return new GroupNode("(?:", alone ? Alternatives() : GroupBody());
    }

    private PatternNode Repetitions(PatternNode atom)
    {
        while (true)
        {
            while (!AtEnd && _options.HasFlag(Options.Extended) && SkipIgnored())
            {
                // A comment may stand between an atom and its quantifier.
            }

            switch (Peek())
            {
                case '*' or '+' or '?':
                    int sign = _source[_position++];
                    Greed greed = Peek() switch { '?' => Greed.Lazy, '+' => Greed.Possessive, _ => Greed.Greedy };
                    if (greed != Greed.Greedy)
                        _position++;
                    atom = Repeat(atom, sign == '+' ? 1 : 0, sign == '?' ? 1 : null, greed);
                    break;
                case '{' when Interval() is { } interval:
                    _position += interval.Length;
                    greed = interval.Least > interval.Most ? Greed.Possessive : Greed.Greedy;

                    // Only a range can be lazy; after {n} a '?' is a quantifier of its own, as '+' is after both.
                    if (interval.IsRange && greed == Greed.Greedy && Peek() == '?')
                    {
                        greed = Greed.Lazy;
                        _position++;
                    }

                    bool swapped = greed == Greed.Possessive;
                    atom = Repeat(atom, swapped ? interval.Most!.Value : interval.Least, swapped ? interval.Least : interval.Most, greed);
                    break;
                default:
                    return atom;
            }
        }
    }

    private RepetitionNode Repeat(PatternNode atom, int least, int? most, Greed greed)
    {
        // The two engines end such repetitions at different places, and .NET's may not end a lazy one at all.
        if (((greed == Greed.Lazy && most is null) || least > 1) && MayBeEmpty(atom))
            throw new NotSupportedException("a repetition, lazy or at least twice, of what may be empty");
        return new RepetitionNode(CaseExpansion.Expand([atom], _lookingBehind), least, most, greed);
    }

    private static bool MayBeEmpty(PatternNode node) => node switch
    {
        SetNode or LiteralNode => false,
        SequenceNode sequence => sequence.Items.All(MayBeEmpty),
        AlternationNode alternation => alternation.Choices.Any(MayBeEmpty),
        RepetitionNode repetition => repetition.Least == 0 || MayBeEmpty(repetition.Body),
        GroupNode { Opening: "(?:" or "(?>" } group => MayBeEmpty(group.Body),
        CaptureNode capture => MayBeEmpty(capture.Body),
        _ => true,
    };

    /// <summary>Looks at an interval such as <c>{1,3}</c>; anything else in braces stands for itself.</summary>
    private (int Least, int? Most, bool IsRange, int Length)? Interval()
    {
        const int Largest = 100_000;
        int at = 1;
        int? low = Number(ref at);
        bool range = Peek(at) == ',';
        int? high = low;
        if (range)
        {
            at++;
            high = Number(ref at);
        }

        if (Peek(at) != '}' || (low is null && (!range || high is null)))
            return null;
        if (low > Largest || high > Largest)
            throw new NotSupportedException($"more than {Largest} repetitions");
        return (low ?? 0, high, range, at + 1);

        int? Number(ref int position)
        {
            int? number = null;
            for (; Peek(position) is >= '0' and <= '9'; position++)
                number = Math.Min(((number ?? 0) * 10) + Peek(position) - '0', Largest + 1);
            return number;
        }
    }
}
