using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>Reads calls and values written in Python: names, keyword arguments and literals, nothing that would have to be run.</summary>
internal sealed class PythonReader
{
    // What JSON is written to no deeper than.
    private const int Deepest = 60;

    private readonly string _text;
    private int _at;
    private int _depth;

    private PythonReader(string text)
    {
        _text = text;
    }

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    /// <summary>Reads calls, in a list or one alone.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static List<(string Name, JsonObject Arguments)> ParseCalls(string text)
    {
        PythonReader reader = new(text);
        reader.SkipSpace();
        List<(string, JsonObject)> calls = [];
        bool inList = reader.TrySkip('[');
        while (!(inList && reader.TrySkip(']')))
        {
            calls.Add(reader.Call());
            if (!reader.TrySkip(',') && !inList)
                break;
        }

        reader.SkipSpace();
        return reader._at == text.Length ? calls : throw reader.Unexpected();
    }

    /// <summary>Reads a literal, if the text is one.</summary>
    public static JsonNode? TryParseValue(string text)
    {
        PythonReader reader = new(text);
        try
        {
            JsonNode? value = reader.Value();
            reader.SkipSpace();
            return reader._at == text.Length ? value : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private (string Name, JsonObject Arguments) Call()
    {
        string name = Name();
        Skip('(');
        JsonObject arguments = [];
        while (!TrySkip(')'))
        {
            string key = Name();
            Skip('=');
            arguments[key] = Value();
            if (!TrySkip(',') && Next != ')')
                throw Unexpected();
        }

        return (name, arguments);
    }

    private string Name()
    {
        SkipSpace();
        int start = _at;
        while (char.IsLetterOrDigit(Next) || Next is '_' or '.' or '-')
            _at++;

        return _at > start ? _text[start.._at] : throw Unexpected();
    }

    private JsonNode? Value()
    {
        SkipSpace();
        if (++_depth > Deepest)
            throw new FormatException($"A value is nested deeper than {Deepest}.");

        JsonNode? value = Next switch
        {
            '"' or '\'' => JsonValue.Create(Text()),
            '[' => Items('[', ']'),
            '(' => Items('(', ')'),
            '{' => Members(),
            _ => Word(),
        };
        _depth--;
        SkipSpace();
        return value;
    }

    private JsonArray Items(char open, char close)
    {
        Skip(open);
        JsonArray items = [];
        while (!TrySkip(close))
        {
            items.Add(Value());
            if (!TrySkip(',') && Next != close)
                throw Unexpected();
        }

        return items;
    }

    private JsonObject Members()
    {
        Skip('{');
        JsonObject members = [];
        while (!TrySkip('}'))
        {
            SkipSpace();
            string key = Next is '"' or '\'' ? Text() : Name();
            Skip(':');
            members[key] = Value();
            if (!TrySkip(',') && Next != '}')
                throw Unexpected();
        }

        return members;
    }

    private JsonValue? Word()
    {
        int start = _at;
        while (char.IsLetterOrDigit(Next) || Next is '_' or '.' or '-' or '+')
            _at++;

        string word = _text[start.._at];
        return word switch
        {
            "True" or "true" => JsonValue.Create(true),
            "False" or "false" => JsonValue.Create(false),
            "None" or "null" => null,
            _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => JsonValue.Create(whole),
            _ when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real) => JsonValue.Create(real),
            _ => throw Unexpected(start),
        };
    }

    private string Text()
    {
        char quote = Next;
        StringBuilder text = new();
        for (_at++; _at < _text.Length; _at++)
        {
            char c = _text[_at];
            if (c == quote && PythonStrings.EndsAt(_text, _at) != Sight.No)
            {
                _at++;
                return text.ToString();
            }

            if (c == '\\' && _at + 1 < _text.Length)
                Escape(text);
            else
                text.Append(c);
        }

        throw new FormatException("A string does not end.");
    }

    private void Escape(StringBuilder text)
    {
        char c = _text[++_at];
        int digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && _at + digits < _text.Length
            && int.TryParse(_text.AsSpan(_at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            && (code <= char.MaxValue || Rune.IsValid(code)))
        {
            text.Append(code <= char.MaxValue ? ((char)code).ToString() : char.ConvertFromUtf32(code));
            _at += digits;
            return;
        }

        const string Letters = "ntr0abfv\\'\"\n";
        const string Meanings = "\n\t\r\0\a\b\f\v\\'\"";
        int index = Letters.IndexOf(c, StringComparison.Ordinal);
        if (index < 0)
            text.Append('\\').Append(c);
        else if (index < Meanings.Length)
            text.Append(Meanings[index]);
    }

    private void SkipSpace()
    {
        while (char.IsWhiteSpace(Next))
            _at++;
    }

    private bool TrySkip(char c)
    {
        SkipSpace();
        if (Next != c)
            return false;

        _at++;
        return true;
    }

    private void Skip(char c)
    {
        if (!TrySkip(c))
            throw Unexpected();
    }

    private FormatException Unexpected(int? at = null)
    {
        int index = at ?? _at;
        string what = index < _text.Length ? $"'{_text[index]}'" : "the end";
        return new FormatException($"Unexpected {what} at character {index} of a call in Python.");
    }
}
