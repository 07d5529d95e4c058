using System.Collections.Frozen;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>The methods of Python's <c>dict</c>, <c>list</c> and <c>tuple</c>. Those that change their object are refused, as Jinja's sandbox does.</summary>
internal static class CollectionMethods
{
    private static readonly FrozenSet<string> ChangesDict = ["clear", "pop", "popitem", "setdefault", "update"];

    private static readonly FrozenSet<string> ChangesList = ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"];

    private static readonly FrozenDictionary<string, Method<DictValue>> DictTable = BuildDict().ToFrozenDictionary(method => method.Name);

    private static readonly FrozenDictionary<string, Method<ListValue>> ListTable = BuildList().ToFrozenDictionary(method => method.Name);

    private static readonly FrozenDictionary<string, Method<RangeValue>> RangeTable =
        ListTable.Values.Where(method => method.Name is "count" or "index").Select(OfItems).ToFrozenDictionary(method => method.Name);

    public static Value? Find(Value owner, string name) => owner switch
    {
        DictValue when ChangesDict.Contains(name) => UndefinedValue.Unsafe(owner, name),
        DictValue dict => DictTable.TryGetValue(name, out Method<DictValue>? method) ? method.Of(dict) : null,
        ListValue and not TupleValue when ChangesList.Contains(name) => UndefinedValue.Unsafe(owner, name),
        TupleValue when name == "copy" => null,
        ListValue list => ListTable.TryGetValue(name, out Method<ListValue>? method) ? method.Of(list) : null,
        RangeValue range when name is "count" or "index" => RangeTable[name].Of(range),
        _ => null,
    };

    public static DictView Entries(DictValue dict) => new("dict_items", dict, entry => new TupleValue(entry.Key, entry.Value));

    private static IEnumerable<Method<DictValue>> BuildDict()
    {
        yield return Of<DictValue>("get", 1, ["key", "default"], (dict, given, _) => dict.Find(given[0]!) ?? given[1] ?? NoneValue.Instance);
        yield return Of<DictValue>("items", 0, [], (dict, _, _) => Entries(dict));
        yield return Of<DictValue>("keys", 0, [], (dict, _, _) => new DictView("dict_keys", dict, entry => entry.Key));
        yield return Of<DictValue>("values", 0, [], (dict, _, _) => new DictView("dict_values", dict, entry => entry.Value));
        yield return Of<DictValue>("copy", 0, [], (dict, _, _) => dict);
        yield return Of<DictValue>("fromkeys", 1, ["iterable", "value"], (_, given, run) =>
        {
            var made = new DictValue(run);
            foreach (Value key in given[0]!.Items(run))
            {
                run.Step();
                made.Set(key, given[1] ?? NoneValue.Instance);
            }

            return made;
        });
    }

    private static IEnumerable<Method<ListValue>> BuildList()
    {
        yield return Of<ListValue>("copy", 0, [], (list, _, _) => list);
        yield return Of<ListValue>("count", 1, ["value"], (list, given, run) =>
        {
            run.ChargeItems(list.Elements.Count);
            return IntValue.Of(list.Elements.Count(item => item.Equals(given[0]!, run)));
        });
        yield return Of<ListValue>("index", 1, ["value", "start", "stop"], (list, given, run) =>
        {
            run.ChargeItems(list.Elements.Count);
            int count = list.Elements.Count;
            int start = Math.Max(Argument.Integer(given[1], 0) is var first && first < 0 ? first + count : first, 0);
            int stop = Argument.Integer(given[2], count) is var last && last < 0 ? last + count : Math.Min(last, count);
            for (int index = start; index < stop; index++)
            {
                if (list.Elements[index].Equals(given[0]!, run))
                    return IntValue.Of(index);
            }

            throw TemplateFault.Value(list is TupleValue ? "tuple.index(x): x not in tuple" : $"{given[0]!.ReprText(run)} is not in list");
        });
    }

    // A range has the methods of a list of its numbers.
    private static Method<RangeValue> OfItems(Method<ListValue> method) =>
        new(method.Name, (range, arguments, run) => method.Body(new TupleValue(ListFilters.Collect(range, run)), arguments, run));

    private static Method<T> Of<T>(string name, int required, string[] parameters, Func<T, Value?[], RenderRun, Value> body)
        where T : Value
    {
        var signature = new Signature(name, required, parameters);
        return new Method<T>(name, (owner, arguments, run) => body(owner, signature.Bind(arguments), run));
    }
}
