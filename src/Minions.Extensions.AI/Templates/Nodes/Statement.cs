using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary>How a statement ended.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>A part that writes text or changes variables. A fault in it that has no place yet gets its own; so does whatever else is thrown.</summary>
internal abstract class Statement : Node
{
    /// <summary>The tag as the template writes it, cut where it is long; <see langword="null"/> for plain text.</summary>
    public string? Construct { get; set; }

    public Flow Execute(Activation scope, TextBuilder output)
    {
        try
        {
            scope.Run.Step();
            return Run(scope, output);
        }
        catch (TemplateFault fault)
        {
            fault.At(Line, Construct);
            throw;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw TemplateFault.Unexpected(exception).At(Line, Construct);
        }
    }

    protected abstract Flow Run(Activation scope, TextBuilder output);
}

/// <summary>Statements one after another.</summary>
internal sealed class Block(IReadOnlyList<Statement> statements)
{
    public IReadOnlyList<Statement> Statements => statements;

    public Flow Execute(Activation scope, TextBuilder output)
    {
        foreach (Statement statement in statements)
        {
            Flow flow = statement.Execute(scope, output);
            if (flow != Flow.Next)
                return flow;
        }

        return Flow.Next;
    }

    /// <summary>The text that the statements write, or how they leave the loop around them.</summary>
    public (Flow Flow, StringValue Text) Capture(Activation scope)
    {
        var output = new TextBuilder(scope.Run);
        Flow flow = Execute(scope, output);
        return (flow, output.ToValue());
    }
}

/// <summary>Text between tags.</summary>
internal sealed class DataStatement(string text) : Statement
{
    public override IEnumerable<Node> Children => [];

    protected override Flow Run(Activation scope, TextBuilder output)
    {
        output.Append(text);
        return Flow.Next;
    }
}

/// <summary><c>{{ a }}</c>, or <c>{% print a, b %}</c>.</summary>
internal sealed class OutputStatement(IReadOnlyList<Expression> expressions) : Statement
{
    public override IEnumerable<Node> Children => expressions;

    protected override Flow Run(Activation scope, TextBuilder output)
    {
        foreach (Expression expression in expressions)
            output.Append(expression.Evaluate(scope).ToText(scope.Run));
        return Flow.Next;
    }
}

/// <summary><c>{% break %}</c> and <c>{% continue %}</c>.</summary>
internal sealed class JumpStatement(Flow flow) : Statement
{
    public override IEnumerable<Node> Children => [];

    protected override Flow Run(Activation scope, TextBuilder output) => flow;
}

/// <summary><c>{% if a %}</c> with its branches; the last one has no test where there is an <c>else</c>.</summary>
internal sealed class IfStatement(IReadOnlyList<(Expression? Test, Block Body)> branches) : Statement
{
    public IReadOnlyList<(Expression? Test, Block Body)> Branches => branches;

    public override IEnumerable<Node> Children => branches.SelectMany(IEnumerable<Node> (branch) => branch.Test is null ? branch.Body.Statements : [branch.Test, .. branch.Body.Statements]);

    protected override Flow Run(Activation scope, TextBuilder output)
    {
        foreach ((Expression? test, Block body) in branches)
        {
            if (test is null || test.Evaluate(scope).IsTrue)
                return body.Execute(scope, output);
        }

        return Flow.Next;
    }
}
