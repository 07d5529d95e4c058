using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary><c>{% filter f %}text{% endfilter %}</c></summary>
internal sealed class FilterBlockStatement(FilterExpression filter, Block body) : Statement
{
    public FilterExpression Filter => filter;

    public Block Body => body;

    /// <summary>Set by the scope analysis.</summary>
    public ScopeEntry Entry { get; set; } = ScopeEntry.None;

    public override IEnumerable<Node> Children => [.. body.Statements, filter];

    protected override Flow Run(Activation scope, TextBuilder output)
    {
        Entry.Enter(scope);
        (Flow flow, StringValue text) = body.Capture(scope);
        if (flow == Flow.Next)
            output.Append(filter.Apply(scope, text).ToText(scope.Run));
        return flow;
    }
}

/// <summary><c>{% with a = b %}text{% endwith %}</c></summary>
internal sealed class WithStatement(IReadOnlyList<(Expression Target, Expression Value)> variables, Block body) : Statement
{
    public IReadOnlyList<(Expression Target, Expression Value)> Variables => variables;

    public Block Body => body;

    /// <summary>Set by the scope analysis.</summary>
    public ScopeEntry Entry { get; set; } = ScopeEntry.None;

    public override IEnumerable<Node> Children => [.. variables.Select(variable => variable.Target), .. variables.Select(variable => variable.Value), .. body.Statements];

    protected override Flow Run(Activation scope, TextBuilder output)
    {
        Entry.Enter(scope);
        foreach ((Expression target, Expression value) in variables)
            Assignment.Set(target, value.Evaluate(scope), scope);
        return body.Execute(scope, output);
    }
}
