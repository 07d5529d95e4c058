namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Python's <c>dict</c>: keys stay in the order in which they came. A template cannot change one.</summary>
internal sealed class DictValue : Value
{
    private readonly OrderedDictionary<Value, Value> _entries;
    private readonly RenderRun _run;

    public DictValue(RenderRun run, int capacity = 0)
    {
        _run = run;
        _entries = new OrderedDictionary<Value, Value>(capacity, run.Comparer);
    }

    public override string TypeName => "dict";

    public override bool IsTrue => _entries.Count > 0;

    public override int? Length => _entries.Count;

    public override bool IsIterable => true;

    public override bool IsSequence => true;

    public IEnumerable<KeyValuePair<Value, Value>> Entries => _entries;

    /// <summary>Sets a value while the dictionary is made; a key that is there already keeps its place.</summary>
    public void Set(Value key, Value value) => _entries[Hashable(key)] = value;

    public Value? Find(Value key) => _entries.TryGetValue(Hashable(key), out Value? value) ? value : null;

    public override IEnumerable<Value> Items(RenderRun run) => _entries.Keys;

    public override Value? Item(Value key, RenderRun run)
    {
        // A key without a hash is a TypeError in Python, which Jinja takes for a key that is not there.
        return IsHashable(key) && _entries.TryGetValue(key, out Value? value) ? value : null;
    }

    public override bool Contains(Value item, RenderRun run) => _entries.ContainsKey(Hashable(item));

    public override void WriteRepr(TextBuilder builder, RenderRun run)
    {
        builder.Append('{');
        bool first = true;
        foreach ((Value key, Value value) in _entries)
        {
            run.Step();
            if (!first)
                builder.Append(", ");
            key.WriteRepr(builder, run);
            builder.Append(": ");
            value.WriteRepr(builder, run);
            first = false;
        }

        builder.Append('}');
    }

    public override bool Equals(Value other, RenderRun run)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is not DictValue dict || dict._entries.Count != _entries.Count)
            return false;

        foreach ((Value key, Value value) in _entries)
        {
            run.Step();
            if (!dict._entries.TryGetValue(key, out Value? match) || !(ReferenceEquals(value, match) || value.Equals(match, run)))
                return false;
        }

        return true;
    }

    public override int Hash(RenderRun run) => throw TemplateFault.Type("unhashable type: 'dict'");

    private Value Hashable(Value key) => IsHashable(key) ? key : throw TemplateFault.Type($"unhashable type: '{key.TypeName}'");

    private bool IsHashable(Value key)
    {
        if (key is not TupleValue tuple)
            return key is not (ListValue or DictValue);

        foreach (Value item in tuple.Elements)
        {
            _run.Step();
            if (!IsHashable(item))
                return false;
        }

        return true;
    }
}
