using System.Globalization;
using System.Text;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>The filters that make text of text.</summary>
internal static class TextFilters
{
    private static readonly StringValue NewLine = new("\n");

    public static IEnumerable<(string Name, TemplateFilter Filter)> All =>
    [
        Filters.Of("upper", 0, [], (value, _, run) => CaseMapping.ToUpper(Argument.SoftText(value, run), run)),
        Filters.Of("lower", 0, [], (value, _, run) => CaseMapping.ToLower(Argument.SoftText(value, run), run)),
        Filters.Of("capitalize", 0, [], (value, _, run) => CaseMapping.Capitalize(Argument.SoftText(value, run), run)),
        Filters.Of("title", 0, [], (value, _, run) => Title(Argument.SoftText(value, run), run)),
        Filters.Of("trim", 0, ["chars"], (value, given, run) =>
            Searching.Strip(Argument.SoftText(value, run), Argument.OrNull(given[0]) is { } characters ? Argument.Text(characters) : null, start: true, end: true, run)),
        Filters.Of("string", 0, [], (value, _, run) => Argument.SoftText(value, run)),
        Filters.Of("safe", 0, [], (value, _, run) => value.ToText(run).WithMarkup(true)),
        Filters.Of("e", 0, [], (value, _, run) => HtmlText.Escape(value, run)),
        Filters.Of("escape", 0, [], (value, _, run) => HtmlText.Escape(value, run)),
        Filters.Of("forceescape", 0, [], (value, _, run) => HtmlText.Escape(value.ToText(run), run)),
        Filters.Of("replace", 2, ["old", "new", "count"], (value, given, run) => Searching.Replace(
            value.ToText(run), given[0]!.ToText(run), given[1]!.ToText(run), Argument.Integer(Argument.OrNull(given[2]), -1), run)),
        Filters.Of("center", 0, ["width"], (value, given, run) =>
            Padding.Center(Argument.SoftText(value, run), Argument.Integer(given[0], 80), new StringValue(" "), run)),
        Filters.Of("indent", 0, ["width", "first", "blank"], (value, given, run) => Indent(value, given, run)),
        Filters.Of("truncate", 0, ["length", "killwords", "end", "leeway"], (value, given, run) => Truncate(value, given, run)),
        Filters.Of("wordcount", 0, [], (value, _, run) => IntValue.Of(CountWords(Argument.SoftText(value, run).Text, run))),
        Filters.Of("urlencode", 0, [], (value, _, run) => UrlEncode(value, run)),
        ("format", Format),
    ];

    private static StringValue Format(Value value, Arguments arguments, RenderRun run)
    {
        if (arguments.Positional.Count > 0 && arguments.Named.Count > 0)
            throw TemplateFault.Value("can't handle positional and keyword arguments at the same time");
        if (arguments.Named.Count == 0)
            return PercentFormat.Apply(Argument.SoftText(value, run), new TupleValue(arguments.Positional), run);

        var named = new DictValue(run);
        foreach ((string name, Value given) in arguments.Named)
            named.Set(new StringValue(name), given);
        return PercentFormat.Apply(Argument.SoftText(value, run), named, run);
    }

    // Unlike the method, words begin behind spaces, dashes and opening brackets only.
    private static StringValue Title(StringValue text, RenderRun run)
    {
        var builder = new TextBuilder(run);
        int start = 0;
        while (start < text.Text.Length)
        {
            run.Step();
            int end = start;
            while (end < text.Text.Length && IsWordBreak(text.Text[end]) == IsWordBreak(text.Text[start]))
                end++;
            StringValue word = text.Part(start, end - start, run).WithMarkup(false);
            StringValue first = word.CodePointAt(0, run);
            builder.Append(CaseMapping.ToUpper(first, run))
                .Append(CaseMapping.ToLower(word.Part(first.Text.Length, word.Text.Length - first.Text.Length, run), run));
            start = end;
        }

        return builder.ToValue();
    }

    private static bool IsWordBreak(char character) => character is '-' or '(' or '{' or '[' or '<' || PythonText.IsSpace(character);

    private static StringValue Indent(Value value, Value?[] given, RenderRun run)
    {
        if (value is not StringValue text)
            throw value is UndefinedValue undefined ? undefined.Fault() : TemplateFault.Type($"unsupported operand type(s) for +=: '{value.TypeName}' and 'str'");

        StringValue indention = given[0] is StringValue fill ? fill : new TextBuilder(run).Repeat(new StringValue(" "), Argument.Integer(given[0], 4)).ToValue();
        bool blank = Argument.Flag(given[2]);
        List<StringValue> lines = Searching.Lines(new TextBuilder(run).Append(text).Append(NewLine).ToValue(text.IsMarkup), keepEnds: false, run);
        var builder = new TextBuilder(run);
        if (Argument.Flag(given[1]))
            builder.Append(indention);
        for (int index = 0; index < lines.Count; index++)
        {
            if (index > 0)
                builder.Append(NewLine);
            if (index > 0 && (blank || lines[index].Text.Length > 0))
                builder.Append(indention);
            builder.Append(lines[index]);
        }

        return builder.ToValue(text.IsMarkup);
    }

    private static Value Truncate(Value value, Value?[] given, RenderRun run)
    {
        int length = Argument.Integer(given[0], 255);
        StringValue end = Argument.Text(given[2], new StringValue("..."));
        int leeway = Argument.Integer(Argument.OrNull(given[3]), 5);
        if (length < end.Length)
            throw TemplateFault.Value($"expected length >= {end.Length}, got {length}");
        if (leeway < 0)
            throw TemplateFault.Value($"expected leeway >= 0, got {leeway}");
        if (value.RequireLength() <= (long)length + leeway)
            return value;

        StringValue text = value as StringValue ?? throw TemplateFault.Type($"truncate expects a str, not {value.TypeName}");
        StringValue kept = text.Part(0, text.UnitOf(length - end.Length!.Value), run);
        if (!Argument.Flag(given[1]))
            kept = (StringValue)Searching.SplitFromEnd(kept, new StringValue(" "), 1, run).Elements[0];
        return Arithmetic.Add(kept, end, run);
    }

    private static int CountWords(string text, RenderRun run)
    {
        run.ChargeCharacters(text.Length);
        (int count, bool inWord) = (0, false);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isWord = rune.Value == '_' || Rune.IsLetterOrDigit(rune) || Rune.IsNumber(rune);
            count += isWord && !inWord ? 1 : 0;
            inWord = isWord;
        }

        return count;
    }

    private static StringValue UrlEncode(Value value, RenderRun run)
    {
        if (value is StringValue || !value.IsIterable)
            return UrlQuote(value, isQuery: false, run);

        IEnumerable<Value> pairs = value is DictValue dict ? CollectionMethods.Entries(dict).Items(run) : value.Items(run);
        var builder = new TextBuilder(run);
        foreach (Value pair in pairs)
        {
            run.Step();
            (Value key, Value item) = Argument.Pair(pair, run) ?? throw TemplateFault.Value("urlencode expects pairs of key and value");
            if (builder.Length > 0)
                builder.Append('&');
            builder.Append(UrlQuote(key, isQuery: true, run)).Append('=').Append(UrlQuote(item, isQuery: true, run));
        }

        return builder.ToValue();
    }

    private static StringValue UrlQuote(Value value, bool isQuery, RenderRun run)
    {
        StringValue text = value.ToText(run);
        var quoted = new TextBuilder(run);
        Span<byte> units = stackalloc byte[4];
        foreach (Rune rune in text.Text.EnumerateRunes())
        {
            foreach (byte unit in units[..rune.EncodeToUtf8(units)])
            {
                char character = (char)unit;
                if (char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-' or '~' || (character == '/' && !isQuery))
                    quoted.Append(character);
                else if (character == ' ' && isQuery)
                    quoted.Append('+');
                else
                    quoted.Append('%').Append(unit.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return text.Rewritten(quoted.ToValue().Text);
    }
}
