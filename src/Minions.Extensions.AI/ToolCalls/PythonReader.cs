using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>Reads calls and values written in Python: names, keyword arguments and literals, nothing that would have to be run.</summary>
internal sealed class PythonReader : LiteralReader
{
    private PythonReader(string text)
        : base(text)
    {
    }

    /// <summary>Reads calls, in a list or one alone.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static List<(string Name, JsonObject Arguments)> ParseCalls(string text)
    {
        PythonReader reader = new(text);
        List<(string, JsonObject)> calls = [];
        bool inList = reader.TrySkip('[');
        while (!(inList && reader.TrySkip(']')))
        {
            calls.Add(reader.Call());
            if (!reader.TrySkip(',') && !inList)
                break;
        }

        reader.SkipSpace();
        if (reader.At < text.Length)
            reader.Fail(reader.At);
        return calls;
    }

    /// <summary>Reads a literal, if the text is one.</summary>
    public static JsonNode? TryParseValue(string text)
    {
        PythonReader reader = new(text);
        try
        {
            JsonNode? value = reader.Value();
            reader.SkipSpace();
            return reader.At == text.Length ? value : null;
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
            SkipComma(')');
        }

        return (name, arguments);
    }

    private string Name()
    {
        SkipSpace();
        int start = At;
        while (char.IsLetterOrDigit(Next) || Next is '_' or '.' or '-')
            At++;

        if (At == start)
            Fail(At);
        return Text[start..At];
    }

    protected override JsonNode? ReadValue() => Next switch
    {
        '"' or '\'' => JsonValue.Create(Quoted()),
        '[' => Items('[', ']'),
        '(' => Items('(', ')'),
        '{' => Members(),
        _ => Word(),
    };

    private JsonArray Items(char open, char close)
    {
        Skip(open);
        JsonArray items = [];
        while (!TrySkip(close))
        {
            items.Add(Value());
            SkipComma(close);
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
            string key = Next is '"' or '\'' ? Quoted() : Name();
            Skip(':');
            members[key] = Value();
            SkipComma('}');
        }

        return members;
    }

    private JsonValue? Word()
    {
        int start = At;
        while (char.IsLetterOrDigit(Next) || Next is '_' or '.' or '-' or '+')
            At++;

        if (!TryWord(Text[start..At], out JsonValue? value))
            Fail(start);
        return value;
    }

    private string Quoted()
    {
        char quote = Next;
        StringBuilder text = new();
        for (At++; At < Text.Length; At++)
        {
            char c = Text[At];
            if (c == quote)
            {
                int space = 0;
                if (PythonStrings.EndsAt(Text, At, ref space) != Sight.No)
                {
                    At++;
                    return text.ToString();
                }
            }

            if (c == '\\' && At + 1 < Text.Length)
                Escape(text);
            else
                text.Append(c);
        }

        throw new FormatException("A string does not end.");
    }

    private void Escape(StringBuilder text)
    {
        char c = Text[++At];
        int digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && At + digits < Text.Length
            && int.TryParse(Text.AsSpan(At + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            && (code <= char.MaxValue || Rune.IsValid(code)))
        {
            text.Append(code <= char.MaxValue ? ((char)code).ToString() : char.ConvertFromUtf32(code));
            At += digits;
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
}
