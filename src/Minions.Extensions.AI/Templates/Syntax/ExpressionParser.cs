using Minions.Extensions.AI.Templates.Nodes;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Syntax;

/// <summary>Reads expressions, by Jinja's order of operators: or, and, not, comparisons, + and -, ~, * and /, **, signs, then what follows a value.</summary>
internal sealed partial class ExpressionParser(TokenStream stream)
{
    // Deep enough for any template; what is deeper would only wear out the stack.
    private const int MaximumDepth = 100;

    private int _depth;

    public Expression Parse(bool withCondition = true)
    {
        if (++_depth > MaximumDepth)
            throw stream.Fault($"expressions are nested deeper than {MaximumDepth}", kind: FaultKind.Limit);

        Expression expression = withCondition ? Condition() : Or();
        _depth--;
        return expression;
    }

    /// <summary>An expression, or several with commas between them, which are a tuple.</summary>
    public Expression ParseTuple(bool withCondition = true, bool isInParentheses = false, string? endName = null)
    {
        return Several(() => Parse(withCondition), isInParentheses, endName);
    }

    /// <summary>A name, or several with commas between them, to be set.</summary>
    public Expression ParseTarget(bool withNamespace = false, string? endName = null)
    {
        int line = stream.Current.Line;
        Expression target = Several(() => Primary(withNamespace), isInParentheses: false, endName);
        CheckTarget(target, line);
        return target;
    }

    public NameExpression ParseName()
    {
        Token token = stream.Expect(TokenType.Name);
        return IsReserved(token.Text)
            ? throw stream.Fault("can't assign to 'name'", token.Line)
            : new NameExpression(token.Text) { Line = token.Line };
    }

    private static bool IsReserved(string name) => name is "true" or "True" or "false" or "False" or "none" or "None";

    private void CheckTarget(Expression target, int line)
    {
        switch (target)
        {
            case NameExpression name when !IsReserved(name.Name):
            case NamespaceTarget:
                break;
            case SequenceExpression { IsTuple: true } sequence:
                foreach (Expression part in sequence.Items)
                    CheckTarget(part, line);
                break;
            default:
                string kind = target switch { ConstantExpression => "const", SequenceExpression => "list", DictExpression => "dict", NameExpression => "name", _ => "expression" };
                throw stream.Fault($"can't assign to '{kind}'", line);
        }
    }

    private Expression Several(Func<Expression> parse, bool isInParentheses, string? endName)
    {
        int line = stream.Current.Line;
        var items = new List<Expression>();
        bool isTuple = false;
        while (true)
        {
            if (items.Count > 0)
                stream.Expect(",");
            if (stream.Current.Type is TokenType.VariableEnd or TokenType.BlockEnd or ")" || (endName is not null && stream.Current.IsName(endName)))
                break;

            items.Add(parse());
            if (!stream.Current.Is(","))
                break;
            isTuple = true;
            line = stream.Current.Line;
        }

        if (!isTuple && items.Count > 0)
            return items[0];
        if (!isTuple && !isInParentheses)
            throw stream.Fault($"Expected an expression, got {PythonText.Quote(stream.Current.Description)}");
        return new SequenceExpression(items, isTuple: true) { Line = line };
    }

    private Expression Condition()
    {
        int line = stream.Current.Line;
        Expression expression = Or();
        while (stream.SkipName("if"))
        {
            Expression test = Or();
            Expression? alternative = stream.SkipName("else") ? Parse() : null;
            expression = new ConditionalExpression(test, expression, alternative) { Line = line };
            line = stream.Current.Line;
        }

        return expression;
    }

    private Expression Or()
    {
        Expression left = And();
        while (stream.SkipName("or"))
            left = new LogicalExpression(isAnd: false, left, And()) { Line = left.Line };
        return left;
    }

    private Expression And()
    {
        Expression left = Not();
        while (stream.SkipName("and"))
            left = new LogicalExpression(isAnd: true, left, Not()) { Line = left.Line };
        return left;
    }

    private Expression Not()
    {
        if (!stream.Current.IsName("not"))
            return Compare();

        int line = stream.Next().Line;
        return new UnaryExpression('!', Nested(Not)) { Line = line };
    }

    // What calls itself without a bracket, such as a row of signs, counts as nesting too.
    private Expression Nested(Func<Expression> parse)
    {
        if (++_depth > MaximumDepth)
            throw stream.Fault($"expressions are nested deeper than {MaximumDepth}", kind: FaultKind.Limit);

        Expression expression = parse();
        _depth--;
        return expression;
    }

    private Expression Compare()
    {
        Expression first = Sum();
        var rest = new List<(string, Expression)>();
        while (true)
        {
            string type = stream.Current.Type;
            if (type is "==" or "!=" or "<" or "<=" or ">" or ">=")
            {
                stream.Next();
                rest.Add((type, Sum()));
            }
            else if (stream.SkipName("in"))
            {
                rest.Add(("in", Sum()));
            }
            else if (stream.Current.IsName("not") && stream.Look().IsName("in"))
            {
                stream.Next();
                stream.Next();
                rest.Add(("not in", Sum()));
            }
            else
            {
                return rest.Count == 0 ? first : new CompareExpression(first, rest) { Line = first.Line };
            }
        }
    }

    private Expression Sum()
    {
        Expression left = Concat();
        while (stream.Current.Type is "+" or "-")
        {
            ArithmeticOperator operation = stream.Next().Is("+") ? ArithmeticOperator.Add : ArithmeticOperator.Subtract;
            left = new ArithmeticExpression(operation, left, Concat()) { Line = left.Line };
        }

        return left;
    }

    private Expression Concat()
    {
        Expression first = Product();
        if (!stream.Current.Is("~"))
            return first;

        var parts = new List<Expression> { first };
        while (stream.SkipIf("~"))
            parts.Add(Product());
        return new ConcatExpression(parts) { Line = first.Line };
    }

    private Expression Product()
    {
        Expression left = Power();
        while (stream.Current.Type is "*" or "/" or "//" or "%")
        {
            ArithmeticOperator operation = stream.Next().Type switch
            {
                "*" => ArithmeticOperator.Multiply,
                "/" => ArithmeticOperator.Divide,
                "//" => ArithmeticOperator.FloorDivide,
                _ => ArithmeticOperator.Modulo,
            };
            left = new ArithmeticExpression(operation, left, Power()) { Line = left.Line };
        }

        return left;
    }

    // Unlike Python's, this one goes from left to right.
    private Expression Power()
    {
        Expression left = Unary();
        while (stream.SkipIf("**"))
            left = new ArithmeticExpression(ArithmeticOperator.Power, left, Unary()) { Line = left.Line };
        return left;
    }

    private Expression Unary(bool withFilters = true)
    {
        Token token = stream.Current;
        Expression expression;
        if (token.Type is "-" or "+")
        {
            stream.Next();
            expression = new UnaryExpression(token.Type[0], Nested(() => Unary(withFilters: false))) { Line = token.Line };
        }
        else
        {
            expression = Primary();
        }

        expression = Postfix(expression);
        return withFilters ? FiltersAndTests(expression) : expression;
    }
}
