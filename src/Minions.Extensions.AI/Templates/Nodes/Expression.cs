using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary>A part of a template.</summary>
internal abstract class Node
{
    /// <summary>The line it begins on, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The nodes in it, in the order in which they stand.</summary>
    public abstract IEnumerable<Node> Children { get; }
}

/// <summary>A part that has a value.</summary>
internal abstract class Expression : Node
{
    public Value Evaluate(Activation scope)
    {
        scope.Run.Step();
        return Compute(scope);
    }

    protected abstract Value Compute(Activation scope);
}

/// <summary>A literal.</summary>
internal sealed class ConstantExpression(Value value) : Expression
{
    public Value Value => value;

    public override IEnumerable<Node> Children => [];

    protected override Value Compute(Activation scope) => value;
}

/// <summary>The value of a variable, or a variable to be set.</summary>
internal sealed class NameExpression(string name) : Expression
{
    public string Name => name;

    /// <summary>Set by the scope analysis.</summary>
    public SlotReference Slot { get; set; }

    public override IEnumerable<Node> Children => [];

    protected override Value Compute(Activation scope) => scope[Slot] ?? UndefinedValue.Name(name);
}

/// <summary>An attribute of a namespace to be set, as in <c>set ns.found = true</c>.</summary>
internal sealed class NamespaceTarget(string name, string attribute) : Expression
{
    public string Name => name;

    /// <summary>Set by the scope analysis.</summary>
    public SlotReference Slot { get; set; }

    public override IEnumerable<Node> Children => [];

    public NamespaceValue Find(Activation scope) => scope[Slot] as NamespaceValue
        ?? throw TemplateFault.Type("cannot assign attribute on non-namespace object");

    public void Set(Activation scope, Value value) => Find(scope).Set(attribute, value);

    protected override Value Compute(Activation scope) => throw new InvalidOperationException("A target has no value.");
}

/// <summary>A tuple or a list, or several targets.</summary>
internal sealed class SequenceExpression(IReadOnlyList<Expression> items, bool isTuple) : Expression
{
    public IReadOnlyList<Expression> Items => items;

    public bool IsTuple => isTuple;

    public override IEnumerable<Node> Children => items;

    protected override Value Compute(Activation scope)
    {
        var values = new Value[items.Count];
        for (int index = 0; index < values.Length; index++)
            values[index] = items[index].Evaluate(scope);
        return isTuple ? new TupleValue(values) : new ListValue(values);
    }
}

/// <summary>A dictionary.</summary>
internal sealed class DictExpression(IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression
{
    public override IEnumerable<Node> Children => entries.SelectMany(entry => (Node[])[entry.Key, entry.Value]);

    protected override Value Compute(Activation scope)
    {
        var dict = new DictValue(scope.Run, entries.Count);
        foreach ((Expression key, Expression value) in entries)
            dict.Set(key.Evaluate(scope), value.Evaluate(scope));
        return dict;
    }
}
