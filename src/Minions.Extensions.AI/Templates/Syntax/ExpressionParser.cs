using System.Globalization;
using System.Numerics;
using Minions.Extensions.AI.Templates.Builtins;
using Minions.Extensions.AI.Templates.Nodes;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Syntax;

/// <summary>Reads expressions, by Jinja's order of operators: or, and, not, comparisons, + and -, ~, * and /, **, signs, then what follows a value.</summary>
internal sealed class ExpressionParser(TokenStream stream)
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

    /// <summary>One or several filters, the first of which is not behind a bar where <paramref name="startsInline"/> says so.</summary>
    public FilterExpression? ParseFilters(Expression? input, bool startsInline = false)
    {
        FilterExpression? filter = null;
        while (startsInline || stream.Current.Is("|"))
        {
            if (!startsInline)
                stream.Next();
            startsInline = false;
            Token token = stream.Expect(TokenType.Name);
            string name = DottedName(token.Text);
            ArgumentList arguments = stream.Current.Is("(") ? Arguments() : ArgumentList.Empty;
            filter = new FilterExpression(filter ?? input, name, arguments) { Line = token.Line };
        }

        return filter;
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

    private Expression Primary(bool withNamespace = false)
    {
        Token token = stream.Current;
        switch (token.Type)
        {
            case TokenType.Name:
                stream.Next();
                return Name(token, withNamespace);
            case TokenType.String:
                string text = string.Empty;
                while (stream.Current.Is(TokenType.String))
                    text += stream.Next().Text;
                return Constant(new StringValue(text), token);
            case TokenType.Integer:
                stream.Next();
                return Constant(IntValue.Of(PythonNumber.Integer(token.Text, 0) ?? throw stream.Fault("an integer has too many digits", token.Line)), token);
            case TokenType.Float:
                stream.Next();
                return Constant(new FloatValue(double.Parse(token.Text, CultureInfo.InvariantCulture)), token);
            case "(":
                stream.Next();
                Expression inner = ParseTuple(isInParentheses: true);
                stream.Expect(")");
                return inner;
            case "[":
                return List();
            case "{":
                return Dict();
            default:
                throw stream.Fault($"unexpected {PythonText.Quote(token.Description)}", token.Line);
        }
    }

    private static ConstantExpression Constant(Value value, Token token) => new(value) { Line = token.Line };

    private Expression Name(Token token, bool withNamespace)
    {
        switch (token.Text)
        {
            case "true" or "True":
                return Constant(BoolValue.True, token);
            case "false" or "False":
                return Constant(BoolValue.False, token);
            case "none" or "None":
                return Constant(NoneValue.Instance, token);
        }

        if (!withNamespace || !stream.SkipIf("."))
            return new NameExpression(token.Text) { Line = token.Line };
        return new NamespaceTarget(token.Text, stream.Expect(TokenType.Name).Text) { Line = token.Line };
    }

    private SequenceExpression List()
    {
        int line = stream.Expect("[").Line;
        var items = new List<Expression>();
        while (!stream.Current.Is("]"))
        {
            if (items.Count > 0)
                stream.Expect(",");
            if (stream.Current.Is("]"))
                break;
            items.Add(Parse());
        }

        stream.Expect("]");
        return new SequenceExpression(items, isTuple: false) { Line = line };
    }

    private DictExpression Dict()
    {
        int line = stream.Expect("{").Line;
        var entries = new List<(Expression, Expression)>();
        while (!stream.Current.Is("}"))
        {
            if (entries.Count > 0)
                stream.Expect(",");
            if (stream.Current.Is("}"))
                break;

            Expression key = Parse();
            stream.Expect(":");
            entries.Add((key, Parse()));
        }

        stream.Expect("}");
        return new DictExpression(entries) { Line = line };
    }

    private Expression Postfix(Expression expression)
    {
        while (true)
        {
            switch (stream.Current.Type)
            {
                case ".":
                    expression = Attribute(expression);
                    break;
                case "[":
                    expression = Subscript(expression);
                    break;
                case "(":
                    expression = Call(expression);
                    break;
                default:
                    return expression;
            }
        }
    }

    private Expression FiltersAndTests(Expression expression)
    {
        while (true)
        {
            if (stream.Current.Is("|"))
                expression = ParseFilters(expression)!;
            else if (stream.Current.IsName("is"))
                expression = Test(expression);
            else if (stream.Current.Is("("))
                expression = Call(expression);
            else
                return expression;
        }
    }

    private CallExpression Call(Expression function)
    {
        int line = stream.Current.Line;
        return new CallExpression(function, Arguments()) { Line = line };
    }

    private Expression Attribute(Expression owner)
    {
        int line = stream.Next().Line;
        Token token = stream.Next();
        return token.Type switch
        {
            TokenType.Name => new AttributeExpression(owner, token.Text) { Line = line },
            TokenType.Integer => new ItemExpression(owner, Constant(IntValue.Of(PythonNumber.Integer(token.Text, 0) ?? BigInteger.Zero), token)) { Line = line },
            _ => throw stream.Fault("expected name or number", token.Line),
        };
    }

    private Expression Subscript(Expression owner)
    {
        int line = stream.Next().Line;
        var keys = new List<Expression>();
        while (!stream.Current.Is("]"))
        {
            if (keys.Count > 0)
                stream.Expect(",");
            if (keys.Count == 0 && Slice(owner, line) is { } slice)
                return slice;
            keys.Add(_pendingKey ?? Parse());
            _pendingKey = null;
        }

        stream.Expect("]");
        return new ItemExpression(owner, keys.Count == 1 ? keys[0] : new SequenceExpression(keys, isTuple: true) { Line = line }) { Line = line };
    }

    // The expression that turned out to be a key and not the start of a slice.
    private Expression? _pendingKey;

    private SliceExpression? Slice(Expression owner, int line)
    {
        Expression? start = stream.Current.Is(":") ? null : Parse();
        if (!stream.SkipIf(":"))
        {
            _pendingKey = start;
            return null;
        }

        Expression? stop = stream.Current.Type is ":" or "]" ? null : Parse();
        Expression? step = stream.SkipIf(":") && !stream.Current.Is("]") ? Parse() : null;
        stream.Expect("]");
        return new SliceExpression(owner, start, stop, step) { Line = line };
    }

    private string DottedName(string name)
    {
        while (stream.SkipIf("."))
            name += $".{stream.Expect(TokenType.Name).Text}";
        return name;
    }

    private Expression Test(Expression input)
    {
        int line = stream.Next().Line;
        bool isNegated = stream.SkipName("not");
        string name = DottedName(stream.Expect(TokenType.Name).Text);
        ArgumentList arguments = ArgumentList.Empty;
        Token next = stream.Current;
        bool isOperand = next.Type is TokenType.Name or TokenType.String or TokenType.Integer or TokenType.Float or "[" or "{"
            && !(next.IsName("else") || next.IsName("or") || next.IsName("and"));
        if (next.Is("("))
        {
            arguments = Arguments();
        }
        else if (isOperand)
        {
            if (next.IsName("is"))
                throw stream.Fault("You cannot chain multiple tests with is");
            arguments = new ArgumentList([Postfix(Primary())], [], null, null);
        }

        Expression test = new TestExpression(input, name, arguments) { Line = line };
        return isNegated ? new UnaryExpression('!', test) { Line = line } : test;
    }

    private ArgumentList Arguments()
    {
        int line = stream.Expect("(").Line;
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        (Expression? star, Expression? doubleStar) = (null, null);
        bool needsComma = false;
        while (!stream.Current.Is(")"))
        {
            if (needsComma)
            {
                stream.Expect(",");
                if (stream.Current.Is(")"))
                    break;
            }

            if (stream.Current.Is("*"))
            {
                Ensure(star is null && doubleStar is null, line);
                stream.Next();
                star = Parse();
            }
            else if (stream.Current.Is("**"))
            {
                Ensure(doubleStar is null, line);
                stream.Next();
                doubleStar = Parse();
            }
            else if (stream.Current.Is(TokenType.Name) && stream.Look().Is("="))
            {
                Ensure(doubleStar is null, line);
                string name = stream.Next().Text;
                stream.Next();
                named.Add((name, Parse()));
            }
            else
            {
                Ensure(star is null && doubleStar is null && named.Count == 0, line);
                positional.Add(Parse());
            }

            needsComma = true;
        }

        stream.Expect(")");
        return new ArgumentList(positional, named, star, doubleStar);
    }

    private void Ensure(bool isRight, int line)
    {
        if (!isRight)
            throw stream.Fault("invalid syntax for function call expression", line);
    }
}
