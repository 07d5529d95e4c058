using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Minions.Core.Tokenization.Patterns;

/// <summary>
/// Rewrites the expressions of <c>tokenizer.json</c>, made for Oniguruma, to what means the same in .NET over a <see cref="CodePointText"/>,
/// and refuses by name what cannot be.
/// </summary>
internal sealed partial class OnigurumaTranslator
{
    // Oniguruma's \w: alphabetic characters, marks, decimal digits and connectors. .NET's leaves out letter numbers and spacing marks.
    private const string WordClass = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u24B6-\u24E9";

    private static readonly HashSet<string> Categories = new(StringComparer.Ordinal)
    {
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cn",
    };

    private readonly string _source;
    private readonly StringBuilder _result = new();
    private readonly Stack<(int Start, bool IgnoreCase)> _groups = new();
    private int _position;
    private int _atom = -1;
    private bool _ignoreCase;

    private OnigurumaTranslator(string source) => _source = source;

    /// <exception cref="NotSupportedException">A construct has no counterpart.</exception>
    public static string Translate(string expression) => new OnigurumaTranslator(expression).Run();

    [GeneratedRegex(@"\G\{(?<from>\d*)(?<comma>,?)(?<to>\d*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Interval();

    private string Run()
    {
        while (_position < _source.Length)
        {
            char current = _source[_position];
            switch (current)
            {
                case '(':
                    OpenGroup();
                    break;
                case ')':
                    CloseGroup();
                    break;
                case '[':
                    _atom = _result.Length;
                    Class();
                    break;
                case '\\':
                    _atom = _result.Length;
                    Escape();
                    break;
                case '*' or '+' or '?':
                    Quantifier(current.ToString(), 1, possessive: true);
                    break;
                case '{' when _atom >= 0 && Interval().Match(_source, _position) is { Success: true, Length: > 2 } interval && interval.Value != "{,}":
                    string from = interval.Groups["from"].Length == 0 ? "0" : interval.Groups["from"].Value;
                    Quantifier($"{{{from}{interval.Groups["comma"].Value}{interval.Groups["to"].Value}}}", interval.Length, possessive: false);
                    break;
                case '|' or '^' or '$':
                    _atom = -1;
                    _result.Append(current);
                    _position++;
                    break;
                case '.':
                    _atom = _result.Length;
                    _result.Append(current);
                    _position++;
                    break;
                default:
                    _atom = _result.Length;
                    _position++;
                    Literal(current);
                    break;
            }
        }

        return _groups.Count == 0 ? _result.ToString() : throw new NotSupportedException("a group is not closed");
    }

    private void OpenGroup()
    {
        string? opening = Array.Find(
            ["(?<=", "(?<!", "(?i:", "(?i)", "(?:", "(?=", "(?!", "(?>"],
            candidate => string.CompareOrdinal(_source, _position, candidate, 0, candidate.Length) == 0);
        if (opening is null && _position + 1 < _source.Length && _source[_position + 1] is '?' or '*')
            throw new NotSupportedException($"the group '{_source.AsSpan(_position, Math.Min(4, _source.Length - _position))}'");

        opening ??= "(";
        _position += opening.Length;
        if (opening == "(?i)")
        {
            _ignoreCase = true;
            _result.Append(opening);
            _atom = -1;
            return;
        }

        _groups.Push((_result.Length, _ignoreCase));
        _ignoreCase |= opening == "(?i:";

        // Nothing reads captures, so a plain group need not make any.
        _result.Append(opening == "(" ? "(?:" : opening);
        _atom = -1;
    }

    private void CloseGroup()
    {
        if (_groups.Count == 0)
            throw new NotSupportedException("a group is closed that was not opened");

        (_atom, _ignoreCase) = _groups.Pop();
        _result.Append(')');
        _position++;
    }

    private void Quantifier(string quantifier, int length, bool possessive)
    {
        if (_atom < 0)
            throw new NotSupportedException($"a '{quantifier}' with nothing before it");

        _position += length;
        _result.Append(quantifier);
        char suffix = _position < _source.Length ? _source[_position] : '\0';
        if (suffix == '?' && possessive)
        {
            _result.Append('?');
            _position++;
        }
        else if (suffix == '+' && possessive)
        {
            // .NET has no possessive quantifiers; an atomic group is the same thing.
            _result.Insert(_atom, "(?>").Append(')');
            _position++;
        }
        else if (suffix is '?' && quantifier.Contains(','))
        {
            _result.Append('?');
            _position++;
        }
        else if (!possessive && suffix is '+' or '*' or '?')
        {
            // After an interval these are quantifiers of the whole; .NET wants that spelt out.
            _result.Insert(_atom, "(?:").Append(')');
        }
    }

    private void Escape()
    {
        (EscapeKind kind, string value) = ReadEscape();
        if (kind == EscapeKind.Character)
            Literal(value[0]);
        else if (kind == EscapeKind.Word)
            _result.Append(value == "w" ? "[" : "[^").Append(WordClass).Append(']');
        else
            _result.Append(value);
    }

    private void Literal(char character)
    {
        RefuseUnmatchable(character, character);
        if (_ignoreCase && character is 's' or 'S')
        {
            // The long s folds to s in Oniguruma and not in .NET.
            _result.Append(@"[sS\u017F]");
            return;
        }

        AppendCharacter(character);
    }

    private void AppendCharacter(char character)
    {
        if (char.IsAsciiLetterOrDigit(character))
            _result.Append(character);
        else
            _result.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
    }

    private static void RefuseUnmatchable(char first, char last)
    {
        if (char.IsSurrogate(first) || char.IsSurrogate(last))
            throw new NotSupportedException("a character outside the Basic Multilingual Plane");
        if (CodePointText.HoldsRepresentative(first, last))
            throw new NotSupportedException($"the range U+{(int)first:X4} to U+{(int)last:X4}, some of which stand for characters outside the Basic Multilingual Plane here");
    }
}
