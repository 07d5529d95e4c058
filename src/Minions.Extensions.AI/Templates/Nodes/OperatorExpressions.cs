using Minions.Extensions.AI.Templates.Builtins;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary>The operators of arithmetic.</summary>
internal enum ArithmeticOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
}

/// <summary><c>a + b</c> and its like.</summary>
internal sealed class ArithmeticExpression(ArithmeticOperator operation, Expression left, Expression right) : Expression
{
    public override IEnumerable<Node> Children => [left, right];

    protected override Value Compute(Activation scope)
    {
        Value one = left.Evaluate(scope);
        Value other = right.Evaluate(scope);
        return operation switch
        {
            ArithmeticOperator.Add => Arithmetic.Add(one, other, scope.Run),
            ArithmeticOperator.Subtract => Arithmetic.Subtract(one, other, scope.Run),
            ArithmeticOperator.Multiply => Arithmetic.Multiply(one, other, scope.Run),
            ArithmeticOperator.Divide => Arithmetic.Divide(one, other),
            ArithmeticOperator.FloorDivide => Arithmetic.FloorDivide(one, other, scope.Run),
            ArithmeticOperator.Modulo => Arithmetic.Modulo(one, other, scope.Run),
            _ => Arithmetic.Power(one, other, scope.Run),
        };
    }
}

/// <summary><c>-a</c>, <c>+a</c> and <c>not a</c>.</summary>
internal sealed class UnaryExpression(char sign, Expression operand) : Expression
{
    public override IEnumerable<Node> Children => [operand];

    protected override Value Compute(Activation scope)
    {
        Value value = operand.Evaluate(scope);
        return sign switch
        {
            '-' => Arithmetic.Negate(value, scope.Run),
            '+' => Arithmetic.Plus(value),
            _ => BoolValue.Of(!value.IsTrue),
        };
    }
}

/// <summary><c>a and b</c>, <c>a or b</c>: the value of the one that decided.</summary>
internal sealed class LogicalExpression(bool isAnd, Expression left, Expression right) : Expression
{
    public override IEnumerable<Node> Children => [left, right];

    protected override Value Compute(Activation scope)
    {
        Value value = left.Evaluate(scope);
        return value.IsTrue == isAnd ? right.Evaluate(scope) : value;
    }
}

/// <summary><c>a &lt; b &lt;= c</c>, <c>a in b</c>: each value is computed once, and only until one comparison fails.</summary>
internal sealed class CompareExpression(Expression first, IReadOnlyList<(string Sign, Expression Operand)> rest) : Expression
{
    public override IEnumerable<Node> Children => [first, .. rest.Select(part => part.Operand)];

    protected override Value Compute(Activation scope)
    {
        Value left = first.Evaluate(scope);
        foreach ((string sign, Expression operand) in rest)
        {
            Value right = operand.Evaluate(scope);
            bool holds = sign switch
            {
                "==" => left.Equals(right, scope.Run),
                "!=" => !left.Equals(right, scope.Run),
                "in" => right.Contains(left, scope.Run),
                "not in" => !right.Contains(left, scope.Run),
                _ => Comparison.Less(left, right, scope.Run, sign),
            };
            if (!holds)
                return BoolValue.False;
            left = right;
        }

        return BoolValue.True;
    }
}

/// <summary><c>a ~ b</c></summary>
internal sealed class ConcatExpression(IReadOnlyList<Expression> parts) : Expression
{
    public override IEnumerable<Node> Children => parts;

    protected override Value Compute(Activation scope)
    {
        var builder = new TextBuilder(scope.Run);
        foreach (Expression part in parts)
            builder.Append(part.Evaluate(scope).ToText(scope.Run));
        return builder.ToValue();
    }
}

/// <summary><c>a if b else c</c></summary>
internal sealed class ConditionalExpression(Expression test, Expression consequence, Expression? alternative) : Expression
{
    public Expression Test => test;

    public override IEnumerable<Node> Children => alternative is null ? [test, consequence] : [test, consequence, alternative];

    protected override Value Compute(Activation scope)
    {
        if (test.Evaluate(scope).IsTrue)
            return consequence.Evaluate(scope);
        return alternative?.Evaluate(scope) ?? new UndefinedValue(
            $"the inline if-expression on line {Line} evaluated to false and no else section was defined.");
    }
}
