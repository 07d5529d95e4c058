using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Python's order of values: numbers, strings by code points, lists and tuples item by item; other types have none.</summary>
internal static class Comparison
{
    /// <summary>Python's <c>&lt;</c>, or any other of the four as <paramref name="sign"/> names it.</summary>
    public static bool Less(Value left, Value right, string sign = "<") => sign switch
    {
        "<" => Holds(left, right, sign, static order => order < 0),
        ">" => Holds(left, right, sign, static order => order > 0),
        "<=" => Holds(left, right, sign, static order => order <= 0),
        _ => Holds(left, right, sign, static order => order >= 0),
    };

    /// <summary>Sorts without moving equal items, as Python's <c>sorted</c> does.</summary>
    public static List<Value> Sort(IEnumerable<Value> items, Func<Value, Value> key, bool reverse, RenderRun run)
    {
        var keyed = items.Select(item => (Item: item, Key: key(item))).ToList();
        run.ChargeItems(keyed.Count);
        var comparer = Comparer<Value>.Create((one, other) =>
        {
            run.Step();
            return Less(other, one) ? 1 : Less(one, other) ? -1 : 0;
        });
        try
        {
            IEnumerable<(Value Item, Value Key)> sorted = reverse
                ? keyed.OrderByDescending(entry => entry.Key, comparer)
                : keyed.OrderBy(entry => entry.Key, comparer);
            return [.. sorted.Select(entry => entry.Item)];
        }
        catch (InvalidOperationException exception) when (exception.InnerException is TemplateFault fault)
        {
            // The framework wraps what a comparison throws.
            throw fault;
        }
    }

    private static bool Holds(Value left, Value right, string sign, Func<int, bool> test)
    {
        switch (left, right)
        {
            case (IntValue one, IntValue other):
                return test(one.Number.CompareTo(other.Number));
            case (NumberValue one, NumberValue other):
                (double first, double second) = (one.AsDouble, other.AsDouble);
                return !double.IsNaN(first) && !double.IsNaN(second) && test(first.CompareTo(second));
            case (StringValue one, StringValue other):
                return test(CompareCodePoints(one.Text, other.Text));
            case (ListValue one, ListValue other) when one is TupleValue == other is TupleValue:
                return HoldsForItems(one, other, sign, test);
        }

        if ((left as UndefinedValue ?? right as UndefinedValue) is { } undefined)
            throw undefined.Fault();
        throw TemplateFault.Type($"'{sign}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'");
    }

    private static bool HoldsForItems(ListValue one, ListValue other, string sign, Func<int, bool> test)
    {
        RenderRun.EnsureStack();
        int common = Math.Min(one.Elements.Count, other.Elements.Count);
        for (int index = 0; index < common; index++)
        {
            if (!one.Elements[index].Equals(other.Elements[index]))
                return Holds(one.Elements[index], other.Elements[index], sign, test);
        }

        return test(one.Elements.Count.CompareTo(other.Elements.Count));
    }

    // UTF-16 units have the order of code points but for surrogates, which stand for the highest of them.
    private static int CompareCodePoints(string one, string other)
    {
        int common = one.AsSpan().CommonPrefixLength(other);
        if (common == one.Length || common == other.Length)
            return one.Length.CompareTo(other.Length);

        (char first, char second) = (one[common], other[common]);
        if (char.IsSurrogate(first) != char.IsSurrogate(second))
            return char.IsSurrogate(first) ? 1 : -1;
        return first.CompareTo(second);
    }
}
