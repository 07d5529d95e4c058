using Minions.Extensions.AI.Templates.Builtins;
using Minions.Extensions.AI.Templates.Nodes;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Syntax;

/// <summary>Gives each variable of a template its place, and finds names of filters and tests that do not exist.</summary>
internal sealed class ScopeAnalyzer
{
    private readonly FunctionScope _root = new(null);

    private ScopeAnalyzer()
    {
    }

    /// <summary>Analyses a template.</summary>
    /// <returns>How many variables it has, and what fills them at the start.</returns>
    public static (int SlotCount, ScopeEntry Entry) Analyze(Block template)
    {
        var analyzer = new ScopeAnalyzer();
        var symbols = new Symbols(analyzer._root, null);
        SymbolCollector.Collect(template.Statements, symbols);
        analyzer.Visit(template, symbols, isSoft: false);
        return (analyzer._root.SlotCount, symbols.Entry());
    }

    private void Visit(Block block, Symbols symbols, bool isSoft)
    {
        foreach (Statement statement in block.Statements)
        {
            try
            {
                Visit(statement, symbols, isSoft);
            }
            catch (TemplateFault fault)
            {
                fault.At(statement.Line, statement.Construct);
                throw;
            }
        }
    }

    private void Visit(Statement statement, Symbols symbols, bool isSoft)
    {
        switch (statement)
        {
            case IfStatement condition:
                foreach ((Expression? test, Block body) in condition.Branches)
                {
                    if (test is not null)
                        Resolve(test, symbols, isSoft: true);
                    Visit(body, symbols, isSoft: true);
                }

                break;
            case ForStatement loop:
                Visit(loop, symbols, isSoft);
                break;
            case MacroStatement macro:
                Resolve(macro.Target, symbols, isSoft);
                Visit(macro.Definition, symbols);
                break;
            case CallBlockStatement call:
                Resolve(call.Call, symbols, isSoft);
                Visit(call.Definition, symbols);
                break;
            case GenerationStatement generation:
                Visit(generation.Definition, symbols);
                break;
            case SetBlockStatement set:
                Resolve(set.Target, symbols, isSoft);
                set.Entry = Inside(symbols, set.Body, set.Filter);
                break;
            case FilterBlockStatement filter:
                filter.Entry = Inside(symbols, filter.Body, filter.Filter);
                break;
            case WithStatement with:
                Visit(with, symbols, isSoft);
                break;
            default:
                foreach (Node child in statement.Children)
                    Resolve(child, symbols, isSoft);
                break;
        }
    }

    private ScopeEntry Inside(Symbols symbols, Block body, FilterExpression? filter)
    {
        var inner = new Symbols(symbols.Function, symbols);
        SymbolCollector.Collect(body.Statements, inner);
        if (filter is not null)
        {
            SymbolCollector.Collect(filter, inner);
            Resolve(filter, inner, isSoft: false);
        }

        Visit(body, inner, isSoft: false);
        return inner.Entry();
    }

    private void Visit(WithStatement with, Symbols symbols, bool isSoft)
    {
        var inner = new Symbols(symbols.Function, symbols);
        foreach ((Expression target, Expression value) in with.Variables)
        {
            Resolve(value, symbols, isSoft);
            SymbolCollector.Declare(target, inner);
        }

        SymbolCollector.Collect(with.Body.Statements, inner);
        foreach ((Expression target, _) in with.Variables)
            Resolve(target, inner, isSoft);
        Visit(with.Body, inner, isSoft: false);
        with.Entry = inner.Entry();
    }

    private void Visit(ForStatement loop, Symbols symbols, bool isSoft)
    {
        if (SetsLoop(loop))
            throw new TemplateFault(FaultKind.UnknownName, "Can't assign to special loop variable in for-loop target");

        Resolve(loop.Iterated, symbols, isSoft);
        FunctionScope function = loop.IsRecursive ? new FunctionScope(symbols.Function) : symbols.Function;
        if (loop.Filter is not null)
            VisitFilter(loop, new Symbols(function, symbols));

        var body = new Symbols(function, symbols);
        body.Declare("loop");
        SymbolCollector.Declare(loop.Target, body);
        SymbolCollector.Collect(loop.Body.Statements, body);
        Resolve(loop.Target, body, isSoft);
        loop.Loop = body.Refer("loop");
        Visit(loop.Body, body, isSoft: false);
        loop.BodyEntry = body.Entry();

        if (loop.Otherwise is not null)
        {
            var otherwise = new Symbols(function, symbols);
            SymbolCollector.Collect(loop.Otherwise.Statements, otherwise);
            Visit(loop.Otherwise, otherwise, isSoft: false);
            loop.OtherwiseEntry = otherwise.Entry();
        }

        loop.SlotCount = function.SlotCount;
    }

    // The filter is a function of its own in Jinja: it has its own copy of the targets.
    private static void VisitFilter(ForStatement loop, Symbols symbols)
    {
        SymbolCollector.Declare(loop.Target, symbols);
        SymbolCollector.Collect(loop.Filter!, symbols);
        loop.FilterTarget = Copy(loop.Target);
        Resolve(loop.FilterTarget, symbols, isSoft: false);
        Resolve(loop.Filter!, symbols, isSoft: false);
        loop.FilterEntry = symbols.Entry();
    }

    private static Expression Copy(Expression target) => target is NameExpression name
        ? new NameExpression(name.Name) { Line = name.Line }
        : new SequenceExpression([.. ((SequenceExpression)target).Items.Select(Copy)], isTuple: true) { Line = target.Line };

    private void Visit(MacroDefinition definition, Symbols symbols)
    {
        var inner = new Symbols(new FunctionScope(symbols.Function), symbols);
        foreach (NameExpression parameter in definition.Parameters)
            inner.Declare(parameter.Name);

        HashSet<string> special = SpecialNames(definition.Body.Statements);
        bool hasParameter(string name) => definition.Parameters.Any(parameter => parameter.Name == name);
        if (special.Contains("caller") && hasParameter("caller")
            && definition.DefaultOf(definition.Parameters.ToList().FindIndex(parameter => parameter.Name == "caller")) is null)
        {
            throw new TemplateFault(
                FaultKind.UnknownName,
                "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.");
        }

        SlotReference? Special(string name)
        {
            if (!special.Contains(name) || hasParameter(name))
                return null;

            inner.Declare(name);
            return inner.Refer(name);
        }

        definition.Caller = Special("caller");
        definition.NamedRest = Special("kwargs");
        definition.PositionalRest = Special("varargs");
        SymbolCollector.Collect(definition.Defaults, inner);
        SymbolCollector.Collect(definition.Body.Statements, inner);
        foreach (Expression part in (IEnumerable<Expression>)[.. definition.Parameters, .. definition.Defaults])
            Resolve(part, inner, isSoft: false);
        Visit(definition.Body, inner, isSoft: false);
        definition.Entry = inner.Entry();
        definition.SlotCount = inner.Function.SlotCount;
    }

    // The special names that are read anywhere in a body before something in it sets them.
    private static HashSet<string> SpecialNames(IEnumerable<Node> body)
    {
        HashSet<string> open = ["caller", "kwargs", "varargs"];
        HashSet<string> read = [];
        foreach (Node node in body)
            Find(node, isTarget: false);
        return read;

        void Find(Node node, bool isTarget)
        {
            RenderRun.EnsureStack();
            if (node is NameExpression name)
            {
                if (isTarget)
                    open.Remove(name.Name);
                else if (open.Contains(name.Name))
                    read.Add(name.Name);
                return;
            }

            HashSet<Node> targets = [.. Targets(node)];
            foreach (Node child in node.Children)
                Find(child, isTarget || targets.Contains(child));
        }
    }

    private static IEnumerable<Node> Targets(Node node) => node switch
    {
        ForStatement loop => [loop.Target],
        SetStatement set => [set.Target],
        SetBlockStatement set => [set.Target],
        WithStatement with => with.Variables.Select(variable => variable.Target),
        MacroStatement macro => macro.Definition.Parameters,
        CallBlockStatement call => call.Definition.Parameters,
        _ => [],
    };

    private static bool SetsLoop(Node node)
    {
        RenderRun.EnsureStack();
        return (node is ForStatement or SetStatement or SetBlockStatement && Targets(node).Any(NamesLoop)) || node.Children.Any(SetsLoop);
    }

    private static bool NamesLoop(Node target) => target is NameExpression { Name: "loop" } || target.Children.Any(NamesLoop);

    private static void Resolve(Node node, Symbols symbols, bool isSoft)
    {
        RenderRun.EnsureStack();
        switch (node)
        {
            case NameExpression name:
                name.Slot = symbols.Refer(name.Name);
                break;
            case NamespaceTarget target:
                target.Slot = symbols.Refer(target.Name);
                break;

            // Where it depends on a condition whether it is reached, an unknown name fails only when it is.
            case FilterExpression filter when !isSoft:
                Filters.Check(filter.Name);
                break;
            case TestExpression test when !isSoft:
                Tests.Require(test.Name);
                break;
        }

        bool childrenAreSoft = isSoft || node is ConditionalExpression;
        foreach (Node child in node.Children)
            Resolve(child, symbols, childrenAreSoft);
    }
}
