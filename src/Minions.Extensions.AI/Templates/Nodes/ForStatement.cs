using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary><c>{% for a in b if c %}text{% else %}text{% endfor %}</c></summary>
internal sealed class ForStatement(Expression target, Expression items, Expression? filter, bool isRecursive, Block body, Block? otherwise) : Statement
{
    public Expression Target => target;

    public Expression Iterated => items;

    public Expression? Filter => filter;

    public bool IsRecursive => isRecursive;

    public Block Body => body;

    public Block? Otherwise => otherwise;

    /// <summary>The targets as the filter sees them: variables of its own. This and what follows is set by the scope analysis.</summary>
    public Expression? FilterTarget { get; set; }

    public ScopeEntry FilterEntry { get; set; } = ScopeEntry.None;

    public ScopeEntry BodyEntry { get; set; } = ScopeEntry.None;

    public ScopeEntry OtherwiseEntry { get; set; } = ScopeEntry.None;

    /// <summary>Where <c>loop</c> goes.</summary>
    public SlotReference Loop { get; set; }

    /// <summary>How many variables a recursive loop has, which is a function of its own.</summary>
    public int SlotCount { get; set; }

    public override IEnumerable<Node> Children =>
        [target, items, .. (Node[])(filter is null ? [] : [filter]), .. body.Statements, .. otherwise?.Statements ?? []];

    protected override Flow Run(Activation scope, TextBuilder output)
    {
        Value iterated = items.Evaluate(scope);
        if (!isRecursive)
            return Iterate(iterated, scope, output, depth: 0, recurse: null);

        output.Append(Recurse(iterated, scope, depth: 0));
        return Flow.Next;
    }

    private StringValue Recurse(Value iterated, Activation scope, int depth)
    {
        scope.Run.EnterCall();
        var inner = new Activation(scope.Run, scope, SlotCount);
        var output = new TextBuilder(scope.Run);
        Iterate(iterated, inner, output, depth, (nested, nestedDepth) => Recurse(nested, scope, nestedDepth));
        scope.Run.LeaveCall();
        return output.ToValue();
    }

    private Flow Iterate(Value iterated, Activation scope, TextBuilder output, int depth, Func<Value, int, Value>? recurse)
    {
        if (!iterated.IsIterable)
            throw TemplateFault.Type($"'{iterated.TypeName}' object is not iterable");

        LoopValue loop = filter is null
            ? new LoopValue(iterated.Items(scope.Run), iterated.Length, depth, recurse, scope.Run)
            : new LoopValue(Filtered(iterated, scope), null, depth, recurse, scope.Run);
        bool completed = false;
        while (loop.Advance() is { } item)
        {
            scope.Run.Step();
            scope[Loop] = loop;
            Assignment.Set(target, item, scope);
            BodyEntry.Enter(scope);
            Flow flow = body.Execute(scope, output);
            if (flow == Flow.Break)
                break;

            // As Jinja compiles it, an iteration that was cut short does not count against the else branch.
            completed |= flow == Flow.Next;
        }

        if (otherwise is null || completed)
            return Flow.Next;

        OtherwiseEntry.Enter(scope);
        return otherwise.Execute(scope, output); // A jump in it is one of the loop around this one.
    }

    private IEnumerable<Value> Filtered(Value iterated, Activation scope)
    {
        FilterEntry.Enter(scope);
        foreach (Value item in iterated.Items(scope.Run))
        {
            scope.Run.Step();
            Assignment.Set(FilterTarget!, item, scope);
            if (filter!.Evaluate(scope).IsTrue)
                yield return item;
        }
    }
}
