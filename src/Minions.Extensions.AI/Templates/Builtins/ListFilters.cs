using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>The filters over lists and dictionaries.</summary>
internal static class ListFilters
{
    public static IEnumerable<(string Name, TemplateFilter Filter)> All =>
    [
        Filters.Of("length", 0, [], (value, _, _) => IntValue.Of(value.RequireLength())),
        Filters.Of("count", 0, [], (value, _, _) => IntValue.Of(value.RequireLength())),
        Filters.Of("list", 0, [], (value, _, run) => new ListValue(Collect(value, run))),
        Filters.Of("first", 0, [], (value, _, run) => value.Items(run).FirstOrDefault() ?? new UndefinedValue("No first item, sequence was empty.")),
        Filters.Of("last", 0, [], (value, _, run) => Reversed(value, run).FirstOrDefault() ?? new UndefinedValue("No last item, sequence was empty.")),
        Filters.Of("reverse", 0, [], (value, _, run) => Reverse(value, run)),
        Filters.Of("join", 0, ["d", "attribute"], (value, given, run) => Join(value, given, run)),
        Filters.Of("items", 0, [], (value, _, run) => new GeneratorValue("generator", "do_items", Items(value, run))),
        Filters.Of("dictsort", 0, ["case_sensitive", "by", "reverse"], (value, given, run) => DictSort(value, given, run)),
        Filters.Of("sort", 0, ["reverse", "case_sensitive", "attribute"], (value, given, run) => new ListValue(Comparison.Sort(
            Collect(value, run), AttributePath.Several(given[2], Argument.Flag(given[1]), run), Argument.Flag(given[0]), run))),
        Filters.Of("unique", 0, ["case_sensitive", "attribute"], (value, given, run) =>
            new GeneratorValue("generator", "sync_do_unique", Unique(value, new AttributePath(given[1], run), Argument.Flag(given[0]), run))),
        Filters.Of("min", 0, ["case_sensitive", "attribute"], (value, given, run) => Extreme(value, given, "<", run)),
        Filters.Of("max", 0, ["case_sensitive", "attribute"], (value, given, run) => Extreme(value, given, ">", run)),
        Filters.Of("sum", 0, ["attribute", "start"], (value, given, run) => Sum(value, given, run)),
        Filters.Of("groupby", 1, ["attribute", "default", "case_sensitive"], (value, given, run) => GroupBy(value, given, run)),
        Filters.Of("batch", 1, ["linecount", "fill_with"], (value, given, run) =>
            new GeneratorValue("generator", "do_batch", Batch(value, Argument.Integer(given[0], 0), Argument.OrNull(given[1]), run))),
        Filters.Of("slice", 1, ["slices", "fill_with"], (value, given, run) =>
            new GeneratorValue("generator", "sync_do_slice", Slice(value, Argument.Integer(given[0], 0), Argument.OrNull(given[1]), run))),
    ];

    public static List<Value> Collect(Value value, RenderRun run)
    {
        var items = new List<Value>();
        foreach (Value item in value.Items(run))
        {
            run.Step();
            items.Add(item);
        }

        return items;
    }

    private static IEnumerable<Value> Reversed(Value value, RenderRun run) => value switch
    {
        StringValue or ListValue or RangeValue or DictValue or DictView => Enumerable.Reverse(Collect(value, run)),
        UndefinedValue => [],
        _ => throw TemplateFault.Type($"'{value.TypeName}' object is not reversible"),
    };

    private static Value Reverse(Value value, RenderRun run)
    {
        switch (value)
        {
            case StringValue text:
                return Slicing.Slice(text, NoneValue.Instance, NoneValue.Instance, IntValue.Of(-1), run);
            case ListValue or RangeValue or DictValue or DictView or UndefinedValue:
                return new GeneratorValue(value is ListValue and not TupleValue ? "list_reverseiterator" : "reversed", "reversed", Reversed(value, run));
            case { IsIterable: false }:
                throw TemplateFault.Value("argument must be iterable");
            default:
                List<Value> items = Collect(value, run);
                items.Reverse();
                return new ListValue(items);
        }
    }

    private static StringValue Join(Value value, Value?[] given, RenderRun run)
    {
        StringValue separator = given[0]?.ToText(run) ?? StringValue.Empty;
        AttributePath? path = Argument.OrNull(given[1]) is { } attribute ? new AttributePath(attribute, run) : null;
        var builder = new TextBuilder(run);
        bool first = true;
        foreach (Value item in value.Items(run))
        {
            run.Step();
            if (!first)
                builder.Append(separator);
            builder.Append((path?.Read(item, run) ?? item).ToText(run));
            first = false;
        }

        return builder.ToValue();
    }

    private static IEnumerable<Value> Items(Value value, RenderRun run)
    {
        if (value is UndefinedValue)
            yield break;
        if (value is not DictValue dict)
            throw TemplateFault.Type("Can only get item pairs from a mapping.");
        foreach (Value entry in CollectionMethods.Entries(dict).Items(run))
            yield return entry;
    }

    private static ListValue DictSort(Value value, Value?[] given, RenderRun run)
    {
        int position = (given[1] as StringValue)?.Text switch
        {
            null when given[1] is null => 0,
            "key" => 0,
            "value" => 1,
            _ => throw TemplateFault.Value("You can only sort by either \"key\" or \"value\""),
        };
        if (value is UndefinedValue undefined)
            throw undefined.Fault();
        if (value is not DictValue dict)
            throw TemplateFault.Type($"'{value.TypeName}' object has no attribute 'items'");

        bool caseSensitive = Argument.Flag(given[0]);
        return new ListValue(Comparison.Sort(CollectionMethods.Entries(dict).Items(run), Key, Argument.Flag(given[2]), run));

        Value Key(Value entry)
        {
            Value part = ((TupleValue)entry).Elements[position];
            return caseSensitive ? part : AttributePath.IgnoreCase(part, run);
        }
    }

    private static IEnumerable<Value> Unique(Value value, AttributePath path, bool caseSensitive, RenderRun run)
    {
        var seen = new DictValue(run);
        foreach (Value item in value.Items(run))
        {
            run.Step();
            Value key = path.Read(item, caseSensitive, run);
            if (seen.Contains(key, run))
                continue;

            seen.Set(key, NoneValue.Instance);
            yield return item;
        }
    }

    private static Value Extreme(Value value, Value?[] given, string sign, RenderRun run)
    {
        var path = new AttributePath(given[1], run);
        bool caseSensitive = Argument.Flag(given[0]);
        (Value? best, Value? bestKey) = (null, null);
        foreach (Value item in value.Items(run))
        {
            run.Step();
            Value key = path.Read(item, caseSensitive, run);
            if (bestKey is null || Comparison.Less(key, bestKey, run, sign))
                (best, bestKey) = (item, key);
        }

        return best ?? new UndefinedValue("No aggregated item, sequence was empty.");
    }

    private static Value Sum(Value value, Value?[] given, RenderRun run)
    {
        AttributePath? path = Argument.OrNull(given[0]) is { } attribute ? new AttributePath(attribute, run) : null;
        Value sum = given[1] ?? IntValue.Of(0);
        if (sum is StringValue)
            throw TemplateFault.Type("sum() can't sum strings [use ''.join(seq) instead]");
        foreach (Value item in value.Items(run))
        {
            run.Step();
            sum = Arithmetic.Add(sum, path?.Read(item, run) ?? item, run);
        }

        return sum;
    }

    private static ListValue GroupBy(Value value, Value?[] given, RenderRun run)
    {
        var path = new AttributePath(given[0], run, given[1]);
        bool caseSensitive = Argument.Flag(given[2]);
        var groups = new List<Value>();
        var items = new List<Value>();
        Value? current = null;
        foreach (Value item in Comparison.Sort(Collect(value, run), item => path.Read(item, caseSensitive, run), reverse: false, run))
        {
            Value key = path.Read(item, caseSensitive, run);
            if (current is not null && !current.Equals(key, run))
                Close();
            current = key;
            items.Add(item);
        }

        Close();
        return new ListValue(groups);

        void Close()
        {
            if (items.Count > 0)
                groups.Add(new GroupValue(path.Read(items[0], run), new ListValue([.. items])));
            items.Clear();
        }
    }

    private static IEnumerable<Value> Batch(Value value, int size, Value? fill, RenderRun run)
    {
        var batch = new List<Value>();
        foreach (Value item in value.Items(run))
        {
            run.Step();
            if (batch.Count == size)
            {
                yield return new ListValue([.. batch]);
                batch.Clear();
            }

            batch.Add(item);
        }

        if (batch.Count == 0)
            yield break;
        run.ChargeItems(fill is null ? 0 : Math.Max(size - batch.Count, 0));
        while (fill is not null && batch.Count < size)
            batch.Add(fill);
        yield return new ListValue(batch);
    }

    private static IEnumerable<Value> Slice(Value value, int slices, Value? fill, RenderRun run)
    {
        List<Value> items = Collect(value, run);
        if (slices == 0)
            throw TemplateFault.Value("integer division or modulo by zero");

        (int size, int larger) = Math.DivRem(items.Count, Math.Max(slices, 1));
        int start = 0;
        for (int index = 0; index < slices; index++)
        {
            run.Step();
            int count = size + (index < larger ? 1 : 0);
            List<Value> part = items.GetRange(start, count);
            if (fill is not null && index >= larger)
                part.Add(fill);
            yield return new ListValue(part);
            start += count;
        }
    }
}
