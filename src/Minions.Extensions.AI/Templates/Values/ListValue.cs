namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Python's <c>list</c>. A template cannot change one.</summary>
internal class ListValue(IReadOnlyList<Value> items) : Value
{
    public IReadOnlyList<Value> Elements => items;

    public override string TypeName => "list";

    public override bool IsTrue => items.Count > 0;

    public override int? Length => items.Count;

    public override bool IsIterable => true;

    public override bool IsSequence => true;

    public override IEnumerable<Value> Items(RenderRun run) => items;

    public override Value? Item(Value key, RenderRun run) =>
        key is IntValue position && Slicing.IndexIn(position, items.Count) is { } index ? items[index] : null;

    public virtual ListValue Pick(int first, int stride, int count) => new(PickItems(first, stride, count));

    public override void WriteRepr(TextBuilder builder, RenderRun run)
    {
        builder.Append('[');
        WriteItems(builder, run);
        builder.Append(']');
    }

    public override bool Equals(Value other, RenderRun run)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is not ListValue list || list is TupleValue != this is TupleValue || list.Elements.Count != items.Count)
            return false;

        for (int index = 0; index < items.Count; index++)
        {
            run.Step();
            if (!ReferenceEquals(items[index], list.Elements[index]) && !items[index].Equals(list.Elements[index], run))
                return false;
        }

        return true;
    }

    public override int Hash(RenderRun run) => throw TemplateFault.Type("unhashable type: 'list'");

    protected Value[] PickItems(int first, int stride, int count)
    {
        var picked = new Value[count];
        for (int index = 0; index < count; index++)
            picked[index] = items[first + (index * stride)];
        return picked;
    }

    protected void WriteItems(TextBuilder builder, RenderRun run)
    {
        for (int index = 0; index < items.Count; index++)
        {
            run.Step();
            if (index > 0)
                builder.Append(", ");
            items[index].WriteRepr(builder, run);
        }
    }
}

/// <summary>Python's <c>tuple</c>.</summary>
internal class TupleValue(params IReadOnlyList<Value> items) : ListValue(items)
{
    public override string TypeName => "tuple";

    public override ListValue Pick(int first, int stride, int count) => new TupleValue(PickItems(first, stride, count));

    public override void WriteRepr(TextBuilder builder, RenderRun run)
    {
        builder.Append('(');
        WriteItems(builder, run);
        builder.Append(Elements.Count == 1 ? ",)" : ")");
    }

    public override int Hash(RenderRun run)
    {
        var hash = default(HashCode);
        foreach (Value item in Elements)
        {
            run.Step();
            hash.Add(item.Hash(run));
        }

        return hash.ToHashCode();
    }
}

/// <summary>What the filter <c>groupby</c> makes: a tuple whose parts have names.</summary>
internal sealed class GroupValue(Value grouper, ListValue items) : TupleValue(grouper, items)
{
    public override string TypeName => "_GroupTuple";

    public override string ObjectName => "jinja2.filters._GroupTuple object";

    public override Value? Attribute(string name) => name switch
    {
        "grouper" => Elements[0],
        "list" => Elements[1],
        _ => null,
    };
}
