using System.Globalization;

namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Python's <c>range</c>.</summary>
internal sealed class RangeValue(long start, long stop, long step) : Value
{
    public override string TypeName => "range";

    public override bool IsTrue => Length > 0;

    public override int? Length => (int)Count(start, stop, step);

    public override bool IsIterable => true;

    public override bool IsSequence => true;

    /// <summary>How many numbers there are.</summary>
    public static long Count(long start, long stop, long step) => step > 0
        ? (Math.Max(stop - start, 0) + step - 1) / step
        : (Math.Max(start - stop, 0) - step - 1) / -step;

    public override IEnumerable<Value> Items(RenderRun run)
    {
        int count = Length!.Value;
        for (int index = 0; index < count; index++)
            yield return At(index);
    }

    public override Value? Item(Value key, RenderRun run) => key is IntValue position && Slicing.IndexIn(position, Length!.Value) is { } index ? At(index) : null;

    public RangeValue Pick(int first, int stride, int end) => new(start + (first * step), start + (end * step), step * stride);

    public override void WriteRepr(TextBuilder builder, RenderRun run) => builder.Append(step == 1
        ? string.Create(CultureInfo.InvariantCulture, $"range({start}, {stop})")
        : string.Create(CultureInfo.InvariantCulture, $"range({start}, {stop}, {step})"));

    // As lists of the same numbers.
    public override bool Equals(Value other, RenderRun run) => other is RangeValue range && range.Length == Length
        && (Length == 0 || range.At(0).Number == start) && (Length <= 1 || range.At(1).Number == start + step);

    public override int Hash(RenderRun run) => Length!.Value;

    public override Value? Attribute(string name) => name switch
    {
        "start" => IntValue.Of(start),
        "stop" => IntValue.Of(stop),
        "step" => IntValue.Of(step),
        _ => null,
    };

    private IntValue At(long index) => IntValue.Of(start + (index * step));
}

/// <summary>
/// Python's generators and iterators: they can be gone through once, whoever does it. What comes is computed when it is asked for.
/// </summary>
internal sealed class GeneratorValue(string typeName, string function, IEnumerable<Value> items) : Value
{
    private IEnumerator<Value>? _rest;

    public override string TypeName => typeName;

    public override bool IsIterable => true;

    public override IEnumerable<Value> Items(RenderRun run)
    {
        _rest ??= items.GetEnumerator();
        while (MoveNext(_rest))
            yield return _rest.Current;
    }

    // One generator may read another, and so on.
    private static bool MoveNext(IEnumerator<Value> items)
    {
        RenderRun.EnsureStack();
        return items.MoveNext();
    }

    public override void WriteRepr(TextBuilder builder, RenderRun run) =>
        builder.Append(typeName == "generator" ? $"<generator object {function} at 0x0>" : $"<{typeName} object at 0x0>");
}

/// <summary>The views that <c>dict.keys</c>, <c>dict.values</c> and <c>dict.items</c> give.</summary>
internal sealed class DictView(string typeName, DictValue dict, Func<KeyValuePair<Value, Value>, Value> select) : Value
{
    public override string TypeName => typeName;

    public override bool IsTrue => dict.IsTrue;

    public override int? Length => dict.Length;

    public override bool IsIterable => true;

    public override IEnumerable<Value> Items(RenderRun run) => dict.Entries.Select(select);

    public override void WriteRepr(TextBuilder builder, RenderRun run)
    {
        builder.Append($"{typeName}(");
        new ListValue([.. Items(run)]).WriteRepr(builder, run);
        builder.Append(')');
    }

    public override bool Equals(Value other, RenderRun run) => other is DictView view && view.TypeName == typeName
        && view.Length == Length && Items(run).All(item => view.Contains(item, run));
}
