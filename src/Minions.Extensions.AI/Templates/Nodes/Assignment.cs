using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary>Sets a target: a variable, an attribute of a namespace, or several of them from what a value holds.</summary>
internal static class Assignment
{
    public static void Set(Expression target, Value value, Activation scope)
    {
        switch (target)
        {
            case NameExpression name:
                scope[name.Slot] = value;
                break;
            case NamespaceTarget attribute:
                attribute.Set(scope, value);
                break;
            default:
                Unpack(((SequenceExpression)target).Items, value, scope);
                break;
        }
    }

    private static void Unpack(IReadOnlyList<Expression> targets, Value value, Activation scope)
    {
        if (!value.IsIterable)
            throw TemplateFault.Type($"cannot unpack non-iterable {value.TypeName} object");

        var items = new List<Value>(targets.Count);
        foreach (Value item in value.Items(scope.Run))
        {
            if (items.Count == targets.Count)
                throw TemplateFault.Value($"too many values to unpack (expected {targets.Count})");
            items.Add(item);
        }

        if (items.Count < targets.Count)
            throw TemplateFault.Value($"not enough values to unpack (expected {targets.Count}, got {items.Count})");
        for (int index = 0; index < targets.Count; index++)
            Set(targets[index], items[index], scope);
    }
}

/// <summary><c>{% set a = b %}</c></summary>
internal sealed class SetStatement(Expression target, Expression value) : Statement
{
    public Expression Target => target;

    public Expression Value => value;

    public override IEnumerable<Node> Children => [target, value];

    protected override Flow Run(Activation scope, TextBuilder output)
    {
        CheckNamespaces(target, scope);
        Assignment.Set(target, value.Evaluate(scope), scope);
        return Flow.Next;
    }

    // Jinja looks at the targets before it computes the value.
    private static void CheckNamespaces(Expression target, Activation scope)
    {
        if (target is NamespaceTarget attribute)
            attribute.Find(scope);
        else if (target is SequenceExpression sequence)
        {
            foreach (Expression part in sequence.Items)
                CheckNamespaces(part, scope);
        }
    }
}

/// <summary><c>{% set a %}text{% endset %}</c></summary>
internal sealed class SetBlockStatement(Expression target, FilterExpression? filter, Block body) : Statement
{
    public Expression Target => target;

    public FilterExpression? Filter => filter;

    public Block Body => body;

    /// <summary>Set by the scope analysis.</summary>
    public ScopeEntry Entry { get; set; } = ScopeEntry.None;

    public override IEnumerable<Node> Children => [target, .. body.Statements, .. (Node[])(filter is null ? [] : [filter])];

    protected override Flow Run(Activation scope, TextBuilder output)
    {
        Entry.Enter(scope);
        (Flow flow, StringValue text) = body.Capture(scope);
        if (flow != Flow.Next)
            return flow;

        Assignment.Set(target, filter is null ? text : filter.Apply(scope, text), scope);
        return Flow.Next;
    }
}
