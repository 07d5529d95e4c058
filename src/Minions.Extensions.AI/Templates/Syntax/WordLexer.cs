using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Minions.Extensions.AI.Templates.Builtins;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Syntax;

/// <summary>Reads the names, literals and operators inside of tags.</summary>
internal sealed partial class WordLexer(string source)
{
    private static readonly string[] LongOperators = ["//", "**", "==", "!=", ">=", "<="];

    /// <summary>The token at a position and where it ends.</summary>
    public (string Type, string Text, int End) Read(int position)
    {
        // As in Jinja, digits behind a point are no fraction of their own: a.0.1 is two indexes.
        bool followsPoint = position > 0 && source[position - 1] == '.';
        if (!followsPoint && Real().Match(source, position) is { Success: true } real && real.Index == position)
            return (TokenType.Float, real.Value.Replace("_", string.Empty, StringComparison.Ordinal), position + real.Length);
        if (Whole().Match(source, position) is { Success: true } whole && whole.Index == position)
            return (TokenType.Integer, whole.Value.Replace("_", string.Empty, StringComparison.Ordinal), position + whole.Length);

        char character = source[position];
        if (IsWordPart(character))
            return Name(position);
        if (character is '\'' or '"' && EndOfString(position) is { } end)
            return (TokenType.String, Decode(source[(position + 1)..(end - 1)]), end);

        foreach (string sign in LongOperators)
        {
            if (string.CompareOrdinal(source, position, sign, 0, 2) == 0)
                return (sign, sign, position + 2);
        }

        if ("+-/*%~[](){}><=.:|,;".Contains(character, StringComparison.Ordinal))
            return (character.ToString(), character.ToString(), position + 1);
        throw new TemplateFault(FaultKind.Syntax, $"unexpected char {PythonText.Quote(character.ToString())} at {position}");
    }

    [GeneratedRegex(@"\G(?:[0-9]+_)*[0-9]+(?:(?:\.(?:[0-9]+_)*[0-9]+)?[eE][+\-]?(?:[0-9]+_)*[0-9]+|\.(?:[0-9]+_)*[0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Real();

    [GeneratedRegex(@"\G(?:0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?[0-9])*|0(?:_?0)*)", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    private static bool IsWordPart(char character) => character == '_' || char.IsLetterOrDigit(character) || char.IsSurrogate(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation
            or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private (string Type, string Text, int End) Name(int position)
    {
        int end = position;
        while (end < source.Length && IsWordPart(source[end]))
            end++;
        string name = source[position..end];
        return CharacterTest.IsIdentifier(name)
            ? (TokenType.Name, name, end)
            : throw new TemplateFault(FaultKind.Syntax, "Invalid character in identifier");
    }

    private int? EndOfString(int position)
    {
        char quote = source[position];
        for (int index = position + 1; index < source.Length; index++)
        {
            if (source[index] == '\\')
                index++;
            else if (source[index] == quote)
                return index + 1;
        }

        return null;
    }

    // Python's escapes.
    private static string Decode(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;

        var decoded = new StringBuilder(text.Length);
        for (int index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\')
            {
                decoded.Append(text[index]);
                continue;
            }

            char escape = text[++index];
            switch (escape)
            {
                case '\n':
                    break;
                case '\\' or '\'' or '"':
                    decoded.Append(escape);
                    break;
                case 'a':
                    decoded.Append('\a');
                    break;
                case 'b':
                    decoded.Append('\b');
                    break;
                case 'f':
                    decoded.Append('\f');
                    break;
                case 'n':
                    decoded.Append('\n');
                    break;
                case 'r':
                    decoded.Append('\r');
                    break;
                case 't':
                    decoded.Append('\t');
                    break;
                case 'v':
                    decoded.Append('\v');
                    break;
                case 'x':
                    index += Hexadecimal(text, index + 1, 2, "truncated \\xXX escape", decoded);
                    break;
                case 'u':
                    index += Hexadecimal(text, index + 1, 4, "truncated \\uXXXX escape", decoded);
                    break;
                case 'U':
                    index += Hexadecimal(text, index + 1, 8, "truncated \\UXXXXXXXX escape", decoded);
                    break;
                case >= '0' and <= '7':
                    index = Octal(text, index, decoded) - 1;
                    break;
                case 'N':
                    throw new TemplateFault(FaultKind.Syntax, "characters by name (\\N{...}) are not supported: write \\uXXXX");
                default:
                    decoded.Append('\\').Append(escape);
                    break;
            }
        }

        return decoded.ToString();
    }

    private static int Hexadecimal(string text, int start, int count, string fault, StringBuilder decoded)
    {
        if (start + count > text.Length || !int.TryParse(text.AsSpan(start, count), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code))
            throw new TemplateFault(FaultKind.Syntax, fault);
        if (code is < 0 or > 0x10FFFF)
            throw new TemplateFault(FaultKind.Syntax, "illegal Unicode character");
        decoded.Append(code < 0x10000 ? ((char)code).ToString() : char.ConvertFromUtf32(code));
        return count;
    }

    private static int Octal(string text, int start, StringBuilder decoded)
    {
        int end = start;
        int code = 0;
        while (end < text.Length && end < start + 3 && text[end] is >= '0' and <= '7')
            code = (code * 8) + (text[end++] - '0');
        decoded.Append((char)code);
        return end;
    }
}
