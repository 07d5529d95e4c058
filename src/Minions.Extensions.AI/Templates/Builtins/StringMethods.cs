using System.Collections.Frozen;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>The methods of Python's <c>str</c>. Not offered are <c>encode</c>, <c>maketrans</c> and <c>translate</c>.</summary>
internal static class StringMethods
{
    private static readonly FrozenDictionary<string, Method<StringValue>> Table = Build().ToFrozenDictionary(method => method.Name);

    public static Value? Find(StringValue text, string name) => Table.TryGetValue(name, out Method<StringValue>? method) ? method.Of(text) : null;

    private static IEnumerable<Method<StringValue>> Build()
    {
        yield return Of("upper", 0, [], (text, _, run) => CaseMapping.ToUpper(text, run));
        yield return Of("lower", 0, [], (text, _, run) => CaseMapping.ToLower(text, run));
        yield return Of("casefold", 0, [], (text, _, run) => Searching.Replace(CaseMapping.ToLower(text, run), new("ß"), new("ss"), -1, run));
        yield return Of("capitalize", 0, [], (text, _, run) => CaseMapping.Capitalize(text, run));
        yield return Of("title", 0, [], (text, _, run) => CaseMapping.ToTitle(text, run));
        yield return Of("swapcase", 0, [], (text, _, run) => CaseMapping.SwapCase(text, run));
        yield return Of("strip", 0, ["chars"], (text, given, run) => Searching.Strip(text, Characters("strip", given[0]), start: true, end: true, run));
        yield return Of("lstrip", 0, ["chars"], (text, given, run) => Searching.Strip(text, Characters("lstrip", given[0]), start: true, end: false, run));
        yield return Of("rstrip", 0, ["chars"], (text, given, run) => Searching.Strip(text, Characters("rstrip", given[0]), start: false, end: true, run));
        yield return Of("split", 0, ["sep", "maxsplit"], (text, given, run) => Argument.OrNull(given[0]) is { } separator
            ? Searching.Split(text, Argument.Text(separator), Argument.Integer(given[1], -1), run)
            : Searching.SplitWords(text, Argument.Integer(given[1], -1), run));
        yield return Of("rsplit", 0, ["sep", "maxsplit"], (text, given, run) => Argument.OrNull(given[0]) is { } separator
            ? Searching.SplitFromEnd(text, Argument.Text(separator), Argument.Integer(given[1], -1), run)
            : Searching.SplitWordsFromEnd(text, Argument.Integer(given[1], -1), run));
        yield return Of("splitlines", 0, ["keepends"], (text, given, run) => new ListValue(Searching.Lines(text, Argument.Flag(given[0]), run)));
        yield return Of("partition", 1, ["sep"], (text, given, run) => Partition(text, Argument.Text(given[0]!), last: false, run));
        yield return Of("rpartition", 1, ["sep"], (text, given, run) => Partition(text, Argument.Text(given[0]!), last: true, run));
        yield return Of("replace", 2, ["old", "new", "count"], (text, given, run) =>
            Searching.Replace(text, Argument.Text(given[0]!), Coerced(text, given[1]!, run), Argument.Integer(given[2], -1), run));
        yield return Of("join", 1, ["iterable"], (text, given, run) => Join(text, given[0]!, run));
        yield return Of("startswith", 1, ["prefix", "start", "end"], (text, given, run) => BoolValue.Of(Affix("startswith", text, given, atEnd: false, run)));
        yield return Of("endswith", 1, ["suffix", "start", "end"], (text, given, run) => BoolValue.Of(Affix("endswith", text, given, atEnd: true, run)));
        yield return Of("removeprefix", 1, ["prefix"], (text, given, run) => Argument.Text(given[0]!) is var prefix && HasAffix(text.Text, prefix, atEnd: false, run)
            ? text.Part(prefix.Text.Length, text.Text.Length - prefix.Text.Length, run)
            : text);
        yield return Of("removesuffix", 1, ["suffix"], (text, given, run) => Argument.Text(given[0]!) is var suffix && HasAffix(text.Text, suffix, atEnd: true, run)
            ? text.Part(0, text.Text.Length - suffix.Text.Length, run)
            : text);
        yield return Of("find", 1, ["sub", "start", "end"], (text, given, run) => IntValue.Of(Position(text, given, run, last: false)));
        yield return Of("rfind", 1, ["sub", "start", "end"], (text, given, run) => IntValue.Of(Position(text, given, run, last: true)));
        yield return Of("index", 1, ["sub", "start", "end"], (text, given, run) => IntValue.Of(Found(Position(text, given, run, last: false))));
        yield return Of("rindex", 1, ["sub", "start", "end"], (text, given, run) => IntValue.Of(Found(Position(text, given, run, last: true))));
        yield return Of("count", 1, ["sub", "start", "end"], (text, given, run) => IntValue.Of(Count(text, given, run)));
        yield return Of("center", 1, ["width", "fillchar"], (text, given, run) => Padding.Center(text, Argument.Integer(given[0], 0), Fill(given[1]), run));
        yield return Of("ljust", 1, ["width", "fillchar"], (text, given, run) => Padding.Pad(text, 0, Padding.Missing(text, Argument.Integer(given[0], 0)), Fill(given[1]), run));
        yield return Of("rjust", 1, ["width", "fillchar"], (text, given, run) => Padding.Pad(text, Padding.Missing(text, Argument.Integer(given[0], 0)), 0, Fill(given[1]), run));
        yield return Of("zfill", 1, ["width"], (text, given, run) => Padding.ZeroFill(text, Argument.Integer(given[0], 0), run));
        yield return Of("expandtabs", 0, ["tabsize"], (text, given, run) => Padding.ExpandTabs(text, Argument.Integer(given[0], 8), run));
        foreach (CharacterTest test in CharacterTest.All)
            yield return Of(test.Name, 0, [], (text, _, run) => BoolValue.Of(test.Holds(text, run)));
        yield return new("format", (text, arguments, run) => BraceFormat.Apply(text, arguments, run));
        yield return Of("format_map", 1, ["mapping"], (text, given, run) => BraceFormat.ApplyMap(text, given[0]!, run));
    }

    private static Method<StringValue> Of(string name, int required, string[] parameters, Func<StringValue, Value?[], RenderRun, Value> body)
    {
        var signature = new Signature(name, required, parameters);
        return new Method<StringValue>(name, (text, arguments, run) => body(text, signature.Bind(arguments), run));
    }

    public static Value Join(StringValue separator, Value items, RenderRun run)
    {
        var builder = new TextBuilder(run);
        int index = 0;
        foreach (Value item in items.Items(run))
        {
            run.Step();
            if (index > 0)
                builder.Append(separator);
            if (item is not StringValue part)
                throw TemplateFault.Type($"sequence item {index}: expected str instance, {item.TypeName} found");
            builder.Append(Coerced(separator, part, run));
            index++;
        }

        return builder.ToValue(separator.IsMarkup);
    }

    private static StringValue? Characters(string method, Value? given) => Argument.OrNull(given) switch
    {
        null => null,
        StringValue text => text,
        UndefinedValue => throw TemplateFault.Type($"{method} arg must be None or str"),
        _ => throw TemplateFault.Type($"{method} arg must be None or str"),
    };

    private static StringValue Coerced(StringValue owner, Value given, RenderRun run) =>
        owner.IsMarkup ? HtmlText.Escape(Argument.Text(given), run) : Argument.Text(given);

    private static StringValue Fill(Value? given)
    {
        StringValue fill = Argument.Text(given, new StringValue(" "));
        return fill.Length == 1 ? fill : throw TemplateFault.Type("The fill character must be exactly one character long");
    }

    private static TupleValue Partition(StringValue text, StringValue separator, bool last, RenderRun run)
    {
        if (separator.Text.Length == 0)
            throw TemplateFault.Value("empty separator");

        int found = last ? TextSearch.LastIndexOf(text.Text, separator.Text, run) : TextSearch.IndexOf(text.Text, separator.Text, run);
        StringValue empty = StringValue.Empty.WithMarkup(text.IsMarkup);
        if (found < 0)
            return last ? new TupleValue(empty, empty, text) : new TupleValue(text, empty, empty);

        int end = found + separator.Text.Length;
        return new TupleValue(text.Part(0, found, run), text.Part(found, separator.Text.Length, run), text.Part(end, text.Text.Length - end, run));
    }

    // The units that start and end leave, or null where start is behind end: nothing is found there, not even an empty text.
    private static (int Start, int End)? Window(StringValue text, Value?[] given)
    {
        int length = text.Length!.Value;
        int start = Argument.OrNull(given[1]) is { } first ? FromStart(Argument.Integer(first, 0), length) : 0;
        int end = Argument.OrNull(given[2]) is { } last ? Math.Min(FromStart(Argument.Integer(last, length), length), length) : length;
        return start > end ? null : (text.UnitOf(start), text.UnitOf(end));
    }

    private static int FromStart(int position, int length) => position < 0 ? Math.Max(position + length, 0) : position;

    private static int Position(StringValue text, Value?[] given, RenderRun run, bool last)
    {
        string part = Argument.Text(given[0]!).Text;
        if (Window(text, given) is not (int start, int end))
            return -1;

        ReadOnlySpan<char> window = text.Text.AsSpan(start, end - start);
        int found = last ? TextSearch.LastIndexOf(window, part, run) : TextSearch.IndexOf(window, part, run);
        return found < 0 ? -1 : text.CodePointOf(found + start);
    }

    private static int Found(int position) => position >= 0 ? position : throw TemplateFault.Value("substring not found");

    private static int Count(StringValue text, Value?[] given, RenderRun run)
    {
        string part = Argument.Text(given[0]!).Text;
        if (Window(text, given) is not (int start, int end))
            return 0;
        if (part.Length == 0)
            return text.CodePointOf(end) - text.CodePointOf(start) + 1;

        int count = 0;
        ReadOnlySpan<char> rest = text.Text.AsSpan(start, end - start);
        for (int found = TextSearch.IndexOf(rest, part, run); found >= 0; found = TextSearch.IndexOf(rest, part, run))
        {
            rest = rest[(found + part.Length)..];
            count++;
        }

        return count;
    }

    private static bool Affix(string method, StringValue text, Value?[] given, bool atEnd, RenderRun run)
    {
        (int Start, int End)? window = Window(text, given);
        return given[0] switch
        {
            StringValue affix => Holds(affix),
            TupleValue affixes => affixes.Elements.Any(affix => Holds(Argument.Text(affix))),
            UndefinedValue => throw TemplateFault.Type($"{method} first arg must be str or a tuple of str, not Undefined"),
            var other => throw TemplateFault.Type($"{method} first arg must be str or a tuple of str, not {other!.TypeName}"),
        };

        bool Holds(StringValue affix) => window is (int start, int end) && HasAffix(text.Text.AsSpan(start, end - start), affix, atEnd, run);
    }

    private static bool HasAffix(ReadOnlySpan<char> text, StringValue affix, bool atEnd, RenderRun run)
    {
        run.ChargeItems(1);
        run.ChargeText(Math.Min(text.Length, affix.Text.Length));
        return atEnd ? text.EndsWith(affix.Text) : text.StartsWith(affix.Text);
    }
}
