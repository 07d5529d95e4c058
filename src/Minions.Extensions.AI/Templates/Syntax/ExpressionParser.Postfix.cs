using System.Numerics;
using Minions.Extensions.AI.Templates.Builtins;
using Minions.Extensions.AI.Templates.Nodes;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Syntax;

/// <content>What follows a value: attributes, indexes, calls, filters and tests.</content>
internal sealed partial class ExpressionParser
{
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
            TokenType.Integer => new ItemExpression(owner, Constant(IntValue.Constant(PythonNumber.Integer(token.Text, 0) ?? BigInteger.Zero), token)) { Line = line },
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
            Expression? key = keys.Count == 0 && stream.Current.Is(":") ? null : Parse();
            if (keys.Count == 0 && stream.SkipIf(":"))
                return Slice(owner, key, line);
            keys.Add(key!);
        }

        stream.Expect("]");
        return new ItemExpression(owner, keys.Count == 1 ? keys[0] : new SequenceExpression(keys, isTuple: true) { Line = line }) { Line = line };
    }

    private SliceExpression Slice(Expression owner, Expression? start, int line)
    {
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
