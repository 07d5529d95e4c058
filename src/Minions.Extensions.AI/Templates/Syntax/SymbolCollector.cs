using Minions.Extensions.AI.Templates.Nodes;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Syntax;

/// <summary>Finds the names that a block reads and sets, without those of the blocks in it.</summary>
internal static class SymbolCollector
{
    public static void Collect(IEnumerable<Node> nodes, Symbols symbols)
    {
        foreach (Node node in nodes)
            Collect(node, symbols);
    }

    public static void Collect(Node node, Symbols symbols)
    {
        RenderRun.EnsureStack();
        switch (node)
        {
            case NameExpression name:
                symbols.Load(name.Name);
                break;
            case NamespaceTarget target:
                symbols.Load(target.Name);
                break;
            case IfStatement condition:
                Collect(condition, symbols);
                break;
            case SetStatement set:
                Collect(set.Value, symbols);
                Store(set.Target, symbols);
                break;
            case SetBlockStatement set:
                Store(set.Target, symbols);
                break;
            case MacroStatement macro:
                symbols.Store(macro.Target.Name);
                break;
            case ForStatement loop:
                Collect(loop.Iterated, symbols);
                break;
            case CallBlockStatement call:
                Collect(call.Call, symbols);
                break;
            case FilterBlockStatement filter:
                Collect(filter.Filter, symbols);
                break;
            case WithStatement with:
                Collect(with.Variables.Select(variable => variable.Value), symbols);
                break;
            case GenerationStatement:
                break;
            default:
                Collect(node.Children, symbols);
                break;
        }
    }

    /// <summary>Makes the names of a target variables that are set from outside.</summary>
    public static void Declare(Expression target, Symbols symbols)
    {
        if (target is NameExpression name)
            symbols.Declare(name.Name);
        else
        {
            foreach (Expression part in ((SequenceExpression)target).Items)
                Declare(part, symbols);
        }
    }

    private static void Store(Expression target, Symbols symbols)
    {
        switch (target)
        {
            case NameExpression name:
                symbols.Store(name.Name);
                break;
            case NamespaceTarget attribute:
                symbols.Load(attribute.Name);
                break;
            default:
                foreach (Expression part in ((SequenceExpression)target).Items)
                    Store(part, symbols);
                break;
        }
    }

    // As in Jinja, the first branch is one of three: all others but the last are looked at as one, each for itself.
    private static void Collect(IfStatement condition, Symbols symbols)
    {
        Collect(condition.Branches[0].Test!, symbols);
        Symbols first = symbols.Copy();
        Collect(condition.Branches[0].Body.Statements, first);
        Symbols middle = symbols.Copy();
        Symbols last = symbols.Copy();
        foreach ((Expression? test, Block body) in condition.Branches.Skip(1))
        {
            if (test is null)
                Collect(body.Statements, last);
            else
                CollectAlternative(test, body, middle);
        }

        symbols.Merge([first, middle, last]);
    }

    private static void CollectAlternative(Expression test, Block body, Symbols symbols)
    {
        Collect(test, symbols);
        Symbols branch = symbols.Copy();
        Collect(body.Statements, branch);
        symbols.Merge([branch, symbols.Copy(), symbols.Copy()]);
    }
}
