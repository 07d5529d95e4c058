using Minions.Extensions.AI.Templates.Builtins;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary><c>a.b</c></summary>
internal sealed class AttributeExpression(Expression owner, string name) : Expression
{
    private readonly StringValue _name = new(name);

    public override IEnumerable<Node> Children => [owner];

    protected override Value Compute(Activation scope) => Access.Attribute(owner.Evaluate(scope), _name, scope.Run);
}

/// <summary><c>a[b]</c></summary>
internal sealed class ItemExpression(Expression owner, Expression key) : Expression
{
    public override IEnumerable<Node> Children => [owner, key];

    protected override Value Compute(Activation scope) => Access.Item(owner.Evaluate(scope), key.Evaluate(scope), scope.Run);
}

/// <summary><c>a[b:c:d]</c></summary>
internal sealed class SliceExpression(Expression owner, Expression? start, Expression? stop, Expression? step) : Expression
{
    public override IEnumerable<Node> Children => ((Expression?[])[owner, start, stop, step]).OfType<Node>();

    protected override Value Compute(Activation scope) =>
        Slicing.Slice(owner.Evaluate(scope), Bound(start, scope), Bound(stop, scope), Bound(step, scope), scope.Run);

    private static Value Bound(Expression? bound, Activation scope) => bound?.Evaluate(scope) ?? NoneValue.Instance;
}
