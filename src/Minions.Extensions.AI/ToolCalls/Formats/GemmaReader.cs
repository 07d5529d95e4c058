using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Reads objects in Gemma's notation: keys without quotes, strings between markers.</summary>
internal sealed class GemmaReader : LiteralReader
{
    private readonly string _quote;

    private GemmaReader(string text, string quote)
        : base(text)
    {
        _quote = quote;
    }

    /// <summary>Reads an object.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static JsonObject ParseObject(string text, string quote) => new GemmaReader(text, quote).Members();

    protected override JsonNode? ReadValue()
    {
        if (IsAtQuote())
            return JsonValue.Create(Quoted());

        return Next switch
        {
            '{' => Members(),
            '[' => Items(),
            _ => Word(Until(",}]").Trim()),
        };
    }

    private JsonObject Members()
    {
        Skip('{');
        JsonObject members = [];
        while (!TrySkip('}'))
        {
            string key = IsAtQuote() ? Quoted() : Until(":").Trim('"', ' ', '\n');
            Skip(':');
            members[key] = Value();
            SkipComma('}');
        }

        return members;
    }

    private JsonArray Items()
    {
        Skip('[');
        JsonArray items = [];
        while (!TrySkip(']'))
        {
            items.Add(Value());
            SkipComma(']');
        }

        return items;
    }

    // A word that says nothing else is text.
    private static JsonValue? Word(string word) => TryWord(word, out JsonValue? value)
        ? value
        : JsonValue.Create(word.Length > 1 && word[0] == '"' && word[^1] == '"' ? word[1..^1] : word);

    private bool IsAtQuote()
    {
        SkipSpace();
        return Rest.StartsWith(_quote, StringComparison.Ordinal);
    }

    private string Quoted()
    {
        int start = At + _quote.Length;
        int end = Text.IndexOf(_quote, start, StringComparison.Ordinal);
        if (end < 0)
            throw new FormatException("A string in a call's arguments does not end.");

        At = end + _quote.Length;
        return Text[start..end];
    }

    private string Until(string ends)
    {
        int count = Rest.IndexOfAny(ends);
        if (count < 0)
            Fail(Text.Length);

        string taken = Text.Substring(At, count);
        At += count;
        return taken;
    }
}
