using System.Globalization;
using Minions.Extensions.AI.Templates.Builtins;
using Minions.Extensions.AI.Templates.Nodes;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Syntax;

/// <content>Names, literals and what stands in brackets.</content>
internal sealed partial class ExpressionParser
{
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
                return Constant(IntValue.Constant(PythonNumber.Integer(token.Text, 0) ?? throw stream.Fault("an integer has too many digits", token.Line)), token);
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
}
