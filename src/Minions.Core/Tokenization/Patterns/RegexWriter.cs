using System.Globalization;
using System.Text;
using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.Patterns;

/// <summary>Writes an expression for .NET, to be matched over a <see cref="CodePointText"/>.</summary>
internal sealed class RegexWriter
{
    private readonly StringBuilder _text = new();
    private readonly SupplementaryAlphabet _alphabet;
    private readonly bool _captures;

    private RegexWriter(SupplementaryAlphabet alphabet, bool captures)
    {
        _alphabet = alphabet;
        _captures = captures;
    }

    /// <param name="node">The expression.</param>
    /// <param name="captures">Whether captures are kept, for back references.</param>
    /// <param name="alphabet">What to make the <see cref="CodePointText"/> with.</param>
    public static string Write(PatternNode node, bool captures, out SupplementaryAlphabet alphabet)
    {
        var sets = new List<CodePointSet>();
        CollectSets(node, sets);
        alphabet = new SupplementaryAlphabet(sets, tellsApart: captures);
        var writer = new RegexWriter(alphabet, captures);
        writer.Write(node);
        return writer._text.ToString();
    }

    private static void CollectSets(PatternNode node, List<CodePointSet> sets)
    {
        switch (node)
        {
            case SetNode set:
                sets.Add(set.Set);
                break;
            case SequenceNode sequence:
                foreach (PatternNode item in sequence.Items)
                    CollectSets(item, sets);
                break;
            case AlternationNode alternation:
                foreach (PatternNode choice in alternation.Choices)
                    CollectSets(choice, sets);
                break;
            case RepetitionNode repetition:
                CollectSets(repetition.Body, sets);
                break;
            case GroupNode group:
                CollectSets(group.Body, sets);
                break;
            case CaptureNode capture:
                CollectSets(capture.Body, sets);
                break;
        }
    }

    private void Write(PatternNode node)
    {
        switch (node)
        {
            case SetNode set:
                WriteSet(set.Set);
                break;
            case SequenceNode sequence:
                foreach (PatternNode item in sequence.Items)
                    Write(item);
                break;
            case AlternationNode alternation:
                WriteAlternation(alternation);
                break;
            case RepetitionNode repetition:
                WriteRepetition(repetition);
                break;
            case GroupNode group:
                WriteGroup(group.Opening, group.Body);
                break;
            case CaptureNode capture:
                WriteGroup(_captures ? string.Create(CultureInfo.InvariantCulture, $"(?<{capture.Number}>") : "(?:", capture.Body);
                break;
            case BackReferenceNode reference:
                _text.Append("(?:").AppendJoin('|', reference.Numbers.Reverse().Select(number => $"\\k<{number}>")).Append(')');
                break;
            case AnchorNode anchor:
                _text.Append(anchor.Text);
                break;
            default:
                throw new NotSupportedException($"a {node.GetType().Name}, which is not written");
        }
    }

    private void WriteGroup(string opening, PatternNode body)
    {
        _text.Append(opening);
        Write(body);
        _text.Append(')');
    }

    private void WriteAlternation(AlternationNode alternation)
    {
        for (int index = 0; index < alternation.Choices.Count; index++)
        {
            _text.Append(index == 0 ? "(?:" : "|");
            Write(alternation.Choices[index]);
        }

        _text.Append(')');
    }

    private void WriteRepetition(RepetitionNode repetition)
    {
        // .NET has no possessive quantifiers; an atomic group is the same thing.
        if (repetition.Greed == Greed.Possessive)
            _text.Append("(?>");
        if (repetition.Body is SetNode)
            Write(repetition.Body);
        else
            WriteGroup("(?:", repetition.Body);

        _text.Append((repetition.Least, repetition.Most) switch
        {
            (0, null) => "*",
            (1, null) => "+",
            (0, 1) => "?",
            (int least, null) => string.Create(CultureInfo.InvariantCulture, $"{{{least},}}"),
            (int least, int most) => string.Create(CultureInfo.InvariantCulture, $"{{{least},{most}}}"),
        });
        if (repetition.Greed == Greed.Lazy)
            _text.Append('?');
        if (repetition.Greed == Greed.Possessive)
            _text.Append(')');
    }

    private void WriteSet(CodePointSet set)
    {
        if (set.Single is < 0xD800)
        {
            WriteUnit((char)set.Single.Value);
            return;
        }

        int start = _text.Append('[').Length;
        foreach (CodePointRange range in set.Ranges)
        {
            WriteRange(range.First, Math.Min(range.Last, 0xD7FF));
            WriteRange(Math.Max(range.First, 0xE000), Math.Min(range.Last, char.MaxValue));
        }

        foreach ((char first, char last) in _alphabet.UnitsOf(set))
            WriteRange(first, last);

        // Nothing at all: a class without characters cannot be written.
        if (_text.Length == start)
            _text.Append(@"^\s\S");
        _text.Append(']');
    }

    private void WriteRange(int first, int last)
    {
        if (first > last)
            return;

        WriteUnit((char)first);
        if (last > first)
        {
            _text.Append('-');
            WriteUnit((char)last);
        }
    }

    private void WriteUnit(char unit)
    {
        if (char.IsAsciiLetterOrDigit(unit))
            _text.Append(unit);
        else
            _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");
    }
}
