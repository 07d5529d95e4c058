using Minions.Extensions.AI.Templates.Nodes;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Syntax;

/// <summary>Reads the statements of a template.</summary>
internal sealed class Parser
{
    // Python's own limit for blocks in blocks, which Jinja runs into, is 20 loops; nobody comes near either.
    private const int MaximumDepth = 100;

    private readonly TokenStream _stream;
    private readonly ExpressionParser _expressions;
    private readonly Stack<string> _tags = new();
    private readonly Stack<string[]> _ends = new();
    private int _loops;

    private Parser(TokenStream stream)
    {
        _stream = stream;
        _expressions = new ExpressionParser(stream);
    }

    public static Block Parse(string source)
    {
        using var stream = new TokenStream(new Lexer(source));
        return new Parser(stream).Statements(ends: null);
    }

    private Block Statements(string[]? ends)
    {
        var statements = new List<Statement>();
        if (ends is not null)
            _ends.Push(ends);
        while (!_stream.Current.Is(TokenType.End))
        {
            Token token = _stream.Next();
            int start = _stream.TagStart;
            if (token.Is(TokenType.Data))
            {
                statements.Add(new DataStatement(token.Text) { Line = token.Line });
            }
            else if (token.Is(TokenType.VariableBegin))
            {
                Expression expression = _expressions.ParseTuple();
                string construct = _stream.Excerpt(start);
                _stream.Expect(TokenType.VariableEnd);
                statements.Add(new OutputStatement([expression]) { Line = token.Line, Construct = construct });
            }
            else
            {
                if (ends is not null && Array.Exists(ends, _stream.Current.IsName))
                    break;

                string construct = _stream.Excerpt(start);
                Statement statement = One();
                statement.Construct = construct;
                statements.Add(statement);
                _stream.Expect(TokenType.BlockEnd);
            }
        }

        if (ends is not null)
            _ends.Pop();
        return new Block(statements);
    }

    // The statements up to one of the tags that end them, which stays in sight.
    private Block Body(params string[] ends)
    {
        if (_ends.Count >= MaximumDepth)
            throw _stream.Fault($"blocks are nested deeper than {MaximumDepth}", kind: FaultKind.Limit);

        _stream.SkipIf(":");
        _stream.Expect(TokenType.BlockEnd);
        Block body = Statements(ends);
        if (!_stream.Current.Is(TokenType.End))
            return body;

        _ends.Push(ends);
        throw UnexpectedEnd(null, null);
    }

    private Block BodyWithEnd(string end)
    {
        Block body = Body(end);
        _stream.Next();
        return body;
    }

    private Statement One()
    {
        Token token = _stream.Current;
        if (!token.Is(TokenType.Name))
            throw _stream.Fault("tag name expected", token.Line);

        _tags.Push(token.Text);
        Statement statement = token.Text switch
        {
            "for" => For(),
            "if" => If(),
            "set" => Set(),
            "macro" => Macro(),
            "call" => Call(),
            "filter" => Filter(),
            "with" => With(),
            "generation" => Generation(),
            "print" => Print(),
            "break" or "continue" => Jump(),
            "include" or "import" or "from" or "extends" or "block" or "autoescape" =>
                throw _stream.Fault($"the tag '{token.Text}' is not allowed in a chat template", token.Line, FaultKind.Forbidden),
            _ => throw UnknownTag(token),
        };
        _tags.Pop();
        return statement;
    }

    private ForStatement For()
    {
        int line = _stream.Next().Line;
        Expression target = _expressions.ParseTarget(endName: "in");
        _stream.ExpectName("in");
        Expression items = _expressions.ParseTuple(withCondition: false, endName: "recursive");
        Expression? filter = _stream.SkipName("if") ? _expressions.Parse() : null;
        bool isRecursive = _stream.SkipName("recursive");
        _loops++;
        Block body = Body("endfor", "else");
        _loops--;
        bool hasElse = _stream.Next().Text == "else";
        Block? otherwise = hasElse ? Outside(isRecursive, () => BodyWithEnd("endfor")) : null;
        return new ForStatement(target, items, filter, isRecursive, body, otherwise) { Line = line };
    }

    // A function of its own is outside of every loop.
    private Block Outside(bool isFunction, Func<Block> parse)
    {
        int loops = _loops;
        _loops = isFunction ? 0 : loops;
        Block body = parse();
        _loops = loops;
        return body;
    }

    private IfStatement If()
    {
        int line = _stream.Next().Line;
        var branches = new List<(Expression?, Block)>();
        while (true)
        {
            Expression test = _expressions.ParseTuple(withCondition: false);
            branches.Add((test, Body("elif", "else", "endif")));
            Token end = _stream.Next();
            if (end.IsName("elif"))
                continue;
            if (end.IsName("else"))
                branches.Add((null, BodyWithEnd("endif")));
            return new IfStatement(branches) { Line = line };
        }
    }

    private Statement Set()
    {
        int line = _stream.Next().Line;
        Expression target = _expressions.ParseTarget(withNamespace: true);
        if (_stream.SkipIf("="))
            return new SetStatement(target, _expressions.ParseTuple()) { Line = line };

        FilterExpression? filter = _expressions.ParseFilters(null);
        return new SetBlockStatement(target, filter, BodyWithEnd("endset")) { Line = line };
    }

    private MacroStatement Macro()
    {
        int line = _stream.Next().Line;
        NameExpression target = _expressions.ParseName();
        (List<NameExpression> parameters, List<Expression> defaults) = Parameters();
        Block body = Outside(isFunction: true, () => BodyWithEnd("endmacro"));
        return new MacroStatement(target, new MacroDefinition(target.Name, parameters, defaults, body)) { Line = line };
    }

    private (List<NameExpression> Parameters, List<Expression> Defaults) Parameters()
    {
        var parameters = new List<NameExpression>();
        var defaults = new List<Expression>();
        _stream.Expect("(");
        while (!_stream.Current.Is(")"))
        {
            if (parameters.Count > 0)
                _stream.Expect(",");
            NameExpression parameter = _expressions.ParseName();
            if (_stream.SkipIf("="))
                defaults.Add(_expressions.Parse());
            else if (defaults.Count > 0)
                throw _stream.Fault("non-default argument follows default argument");
            if (parameters.Exists(other => other.Name == parameter.Name))
                throw _stream.Fault($"duplicate argument '{parameter.Name}' in function definition", parameter.Line);
            parameters.Add(parameter);
        }

        _stream.Expect(")");
        return (parameters, defaults);
    }

    private CallBlockStatement Call()
    {
        int line = _stream.Next().Line;
        (List<NameExpression> parameters, List<Expression> defaults) = _stream.Current.Is("(") ? Parameters() : ([], []);
        if (_expressions.Parse() is not CallExpression call)
            throw _stream.Fault("expected call", line);

        Block body = Outside(isFunction: true, () => BodyWithEnd("endcall"));
        return new CallBlockStatement(call, new MacroDefinition(null, parameters, defaults, body)) { Line = line };
    }

    private FilterBlockStatement Filter()
    {
        int line = _stream.Next().Line;
        FilterExpression filter = _expressions.ParseFilters(null, startsInline: true)!;
        return new FilterBlockStatement(filter, BodyWithEnd("endfilter")) { Line = line };
    }

    private WithStatement With()
    {
        int line = _stream.Next().Line;
        var variables = new List<(Expression, Expression)>();
        while (!_stream.Current.Is(TokenType.BlockEnd))
        {
            if (variables.Count > 0)
                _stream.Expect(",");
            Expression target = _expressions.ParseTarget();
            _stream.Expect("=");
            variables.Add((target, _expressions.Parse()));
        }

        return new WithStatement(variables, BodyWithEnd("endwith")) { Line = line };
    }

    private GenerationStatement Generation()
    {
        int line = _stream.Next().Line;
        Block body = Outside(isFunction: true, () => BodyWithEnd("endgeneration"));
        return new GenerationStatement(new MacroDefinition(null, [], [], body)) { Line = line };
    }

    private OutputStatement Print()
    {
        int line = _stream.Next().Line;
        var expressions = new List<Expression>();
        while (!_stream.Current.Is(TokenType.BlockEnd))
        {
            if (expressions.Count > 0)
                _stream.Expect(",");
            expressions.Add(_expressions.Parse());
        }

        return new OutputStatement(expressions) { Line = line };
    }

    private JumpStatement Jump()
    {
        Token token = _stream.Next();
        if (_loops == 0)
            throw _stream.Fault(token.Text == "break" ? "'break' outside loop" : "'continue' not properly in loop", token.Line);
        return new JumpStatement(token.Text == "break" ? Flow.Break : Flow.Continue) { Line = token.Line };
    }

    private TemplateFault UnknownTag(Token token)
    {
        _tags.Pop();
        return UnexpectedEnd(token.Text, token.Line);
    }

    private TemplateFault UnexpectedEnd(string? tag, int? line)
    {
        string message = tag is null ? "Unexpected end of template." : $"Encountered unknown tag {PythonText.Quote(tag)}.";
        if (_ends.TryPeek(out string[]? innermost))
        {
            string looking = string.Join(" or ", innermost.Select(PythonText.Quote));
            message += tag is not null && _ends.Any(ends => ends.Contains(tag))
                ? $" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {looking}."
                : $" Jinja was looking for the following tags: {looking}.";
        }

        if (_tags.TryPeek(out string? open))
            message += $" The innermost block that needs to be closed is {PythonText.Quote(open)}.";
        return _stream.Fault(message, line);
    }
}
