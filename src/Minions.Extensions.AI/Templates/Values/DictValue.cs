namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Python's <c>dict</c>: keys stay in the order in which they came. A template cannot change one.</summary>
internal sealed class DictValue : Value
{
    private readonly OrderedDictionary<Value, Value> _entries;

    public DictValue(int capacity = 0) => _entries = new OrderedDictionary<Value, Value>(capacity, ValueComparer.Instance);

    public override string TypeName => "dict";

    public override bool IsTrue => _entries.Count > 0;

    public override int? Length => _entries.Count;

    public override bool IsIterable => true;

    public override bool IsSequence => true;

    public IEnumerable<KeyValuePair<Value, Value>> Entries => _entries;

    /// <summary>Sets a value while the dictionary is made; a key that is there already keeps its place.</summary>
    public void Set(Value key, Value value) => _entries[Hashable(key)] = value;

    public Value? Find(Value key) => _entries.TryGetValue(Hashable(key), out Value? value) ? value : null;

    public override IEnumerable<Value> Items() => _entries.Keys;

    public override Value? Item(Value key)
    {
        // A key without a hash is a TypeError in Python, which Jinja takes for a key that is not there.
        return IsHashable(key) && _entries.TryGetValue(key, out Value? value) ? value : null;
    }

    public override bool Contains(Value item, RenderRun run) => _entries.ContainsKey(Hashable(item));

    public override void WriteRepr(TextBuilder builder, RenderRun run)
    {
        RenderRun.EnsureStack();
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

    public override bool Equals(Value other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is not DictValue dict || dict._entries.Count != _entries.Count)
            return false;

        RenderRun.EnsureStack();
        foreach ((Value key, Value value) in _entries)
        {
            if (!dict._entries.TryGetValue(key, out Value? match) || !(ReferenceEquals(value, match) || value.Equals(match)))
                return false;
        }

        return true;
    }

    public override int Hash() => throw TemplateFault.Type("unhashable type: 'dict'");

    private static Value Hashable(Value key) => IsHashable(key) ? key : throw TemplateFault.Type($"unhashable type: '{key.TypeName}'");

    private static bool IsHashable(Value key)
    {
        RenderRun.EnsureStack();
        if (key is TupleValue tuple)
            return tuple.Elements.All(IsHashable);
        return key is not (ListValue or DictValue);
    }
}
