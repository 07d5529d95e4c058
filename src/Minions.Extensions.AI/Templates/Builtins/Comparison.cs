using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Python's order of values: numbers, strings by code points, lists and tuples item by item; other types have none.</summary>
internal static class Comparison
{
    /// <summary>Python's <c>&lt;</c>, or any other of the four as <paramref name="sign"/> names it.</summary>
    public static bool Less(Value left, Value right, RenderRun run, string sign = "<") => sign switch
    {
        "<" => Holds(left, right, sign, static order => order < 0, run),
        ">" => Holds(left, right, sign, static order => order > 0, run),
        "<=" => Holds(left, right, sign, static order => order <= 0, run),
        _ => Holds(left, right, sign, static order => order >= 0, run),
    };

    /// <summary>Sorts without moving equal items, as Python's <c>sorted</c> does: by merging, which no order that contradicts itself can lead astray.</summary>
    public static List<Value> Sort(IEnumerable<Value> items, Func<Value, Value> key, bool reverse, RenderRun run)
    {
        var keyed = new List<(Value Item, Value Key)>();
        foreach (Value item in items)
        {
            run.Step();
            keyed.Add((item, key(item)));
        }

        (Value Item, Value Key)[] sorted = [.. keyed];
        var merged = new (Value Item, Value Key)[sorted.Length];
        for (long width = 1; width < sorted.Length; width *= 2)
        {
            for (long start = 0; start < sorted.Length; start += 2 * width)
            {
                int middle = (int)Math.Min(start + width, sorted.Length);
                Merge(sorted, merged, (int)start, middle, (int)Math.Min(start + (2 * width), sorted.Length), reverse, run);
            }

            (sorted, merged) = (merged, sorted);
        }

        return [.. sorted.Select(entry => entry.Item)];
    }

    private static void Merge(
        (Value Item, Value Key)[] sorted, (Value Item, Value Key)[] merged, int start, int middle, int end, bool reverse, RenderRun run)
    {
        (int left, int right) = (start, middle);
        for (int index = start; index < end; index++)
        {
            run.Step();
            bool takesRight = left == middle || (right < end
                && (reverse ? Less(sorted[left].Key, sorted[right].Key, run) : Less(sorted[right].Key, sorted[left].Key, run)));
            merged[index] = sorted[takesRight ? right++ : left++];
        }
    }

    private static bool Holds(Value left, Value right, string sign, Func<int, bool> test, RenderRun run)
    {
        switch (left, right)
        {
            case (IntValue one, IntValue other):
                return test(one.Number.CompareTo(other.Number));
            case (NumberValue one, NumberValue other):
                (double first, double second) = (one.AsDouble, other.AsDouble);
                return !double.IsNaN(first) && !double.IsNaN(second) && test(first.CompareTo(second));
            case (StringValue one, StringValue other):
                run.ChargeText(Math.Min(one.Text.Length, other.Text.Length));
                return test(CompareCodePoints(one.Text, other.Text));
            case (ListValue one, ListValue other) when one is TupleValue == other is TupleValue:
                return HoldsForItems(one, other, sign, test, run);
        }

        if ((left as UndefinedValue ?? right as UndefinedValue) is { } undefined)
            throw undefined.Fault();
        throw TemplateFault.Type($"'{sign}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'");
    }

    private static bool HoldsForItems(ListValue one, ListValue other, string sign, Func<int, bool> test, RenderRun run)
    {
        int common = Math.Min(one.Elements.Count, other.Elements.Count);
        for (int index = 0; index < common; index++)
        {
            run.Step();
            if (!one.Elements[index].Equals(other.Elements[index], run))
                return Holds(one.Elements[index], other.Elements[index], sign, test, run);
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
