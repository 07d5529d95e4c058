using System.Globalization;
using System.Text.Json.Nodes;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Reads objects in Gemma's notation: keys without quotes, strings between markers.</summary>
internal sealed class GemmaReader
{
    // What JSON is written to no deeper than.
    private const int Deepest = 60;

    private readonly string _text;
    private readonly string _quote;
    private int _at;
    private int _depth;

    private GemmaReader(string text, string quote)
    {
        _text = text;
        _quote = quote;
    }

    private char Next => _at < _text.Length ? _text[_at] : throw new FormatException("The arguments of a call do not end.");

    /// <summary>Reads an object.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static JsonObject ParseObject(string text, string quote) => new GemmaReader(text, quote).Members();

    private JsonObject Members()
    {
        JsonObject members = [];
        _at++;
        while (!TrySkip('}'))
        {
            string key = IsAtQuote() ? Quoted() : Until(":").Trim('"', ' ', '\n');
            if (!TrySkip(':'))
                throw new FormatException($"The member '{key}' of a call's arguments has no value.");

            members[key] = Value();
            if (!TrySkip(',') && Next != '}')
                throw new FormatException($"Something stands behind the member '{key}' of a call's arguments.");
        }

        return members;
    }

    private JsonArray Items()
    {
        JsonArray items = [];
        _at++;
        while (!TrySkip(']'))
        {
            items.Add(Value());
            if (!TrySkip(',') && Next != ']')
                throw new FormatException("Something stands behind an item of a list in a call's arguments.");
        }

        return items;
    }

    private JsonNode? Value()
    {
        if (++_depth > Deepest)
            throw new FormatException($"A value is nested deeper than {Deepest}.");

        SkipSpace();
        JsonNode? value = IsAtQuote() ? JsonValue.Create(Quoted()) : Next switch
        {
            '{' => Members(),
            '[' => Items(),
            _ => Word(Until(",}]").Trim()),
        };
        _depth--;
        return value;
    }

    private static JsonValue? Word(string word) => word switch
    {
        "true" or "True" => JsonValue.Create(true),
        "false" or "False" => JsonValue.Create(false),
        "null" or "None" => null,
        _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => JsonValue.Create(whole),
        _ when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real) => JsonValue.Create(real),
        _ => JsonValue.Create(word.Length > 1 && word[0] == '"' && word[^1] == '"' ? word[1..^1] : word),
    };

    private bool IsAtQuote()
    {
        SkipSpace();
        return _text.AsSpan(_at).StartsWith(_quote, StringComparison.Ordinal);
    }

    private string Quoted()
    {
        int start = _at + _quote.Length;
        int end = _text.IndexOf(_quote, start, StringComparison.Ordinal);
        if (end < 0)
            throw new FormatException("A string in a call's arguments does not end.");

        _at = end + _quote.Length;
        return _text[start..end];
    }

    private string Until(string ends)
    {
        int count = _text.AsSpan(_at).IndexOfAny(ends);
        if (count < 0)
            throw new FormatException("The arguments of a call do not end.");

        string taken = _text.Substring(_at, count);
        _at += count;
        return taken;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
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
}
