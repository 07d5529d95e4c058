using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary>The parameters and the body of a macro, of a call block or of a generation block: a function of its own.</summary>
internal sealed class MacroDefinition(string? name, IReadOnlyList<NameExpression> parameters, IReadOnlyList<Expression> defaults, Block body)
{
    public string? Name => name;

    public IReadOnlyList<NameExpression> Parameters => parameters;

    /// <summary>The defaults of the last parameters.</summary>
    public IReadOnlyList<Expression> Defaults => defaults;

    public Block Body => body;

    /// <summary>How many variables it has. This and what follows is set by the scope analysis.</summary>
    public int SlotCount { get; set; }

    public ScopeEntry Entry { get; set; } = ScopeEntry.None;

    /// <summary>Where <c>caller</c> goes, if the body names it without a parameter of that name.</summary>
    public SlotReference? Caller { get; set; }

    /// <summary>Where <c>kwargs</c> goes, if the body names it.</summary>
    public SlotReference? NamedRest { get; set; }

    /// <summary>Where <c>varargs</c> goes, if the body names it.</summary>
    public SlotReference? PositionalRest { get; set; }

    public IEnumerable<Node> Children => [.. parameters, .. defaults, .. body.Statements];

    /// <summary>The names of the parameters, as templates see them.</summary>
    public TupleValue ParameterNames { get; } = new([.. parameters.Select(parameter => new StringValue(parameter.Name))]);

    public Expression? DefaultOf(int parameter)
    {
        int index = parameter - (parameters.Count - defaults.Count);
        return index < 0 ? null : defaults[index];
    }
}

/// <summary><c>{% macro f(a) %}text{% endmacro %}</c></summary>
internal sealed class MacroStatement(NameExpression target, MacroDefinition definition) : Statement
{
    public NameExpression Target => target;

    public MacroDefinition Definition => definition;

    public override IEnumerable<Node> Children => [target, .. definition.Children];

    protected override Flow Run(Activation scope, TextBuilder output)
    {
        scope[target.Slot] = new MacroValue(definition, scope);
        return Flow.Next;
    }
}

/// <summary><c>{% call(a) f(b) %}text{% endcall %}</c></summary>
internal sealed class CallBlockStatement(CallExpression call, MacroDefinition definition) : Statement
{
    public CallExpression Call => call;

    public MacroDefinition Definition => definition;

    public override IEnumerable<Node> Children => [call, .. definition.Children];

    protected override Flow Run(Activation scope, TextBuilder output)
    {
        output.Append(call.Call(scope, new MacroValue(definition, scope)).ToText(scope.Run));
        return Flow.Next;
    }
}

/// <summary><c>{% generation %}text{% endgeneration %}</c>, by which templates mark what the model wrote: the text as it is.</summary>
internal sealed class GenerationStatement(MacroDefinition definition) : Statement
{
    public MacroDefinition Definition => definition;

    public override IEnumerable<Node> Children => definition.Children;

    protected override Flow Run(Activation scope, TextBuilder output)
    {
        output.Append((StringValue)new MacroValue(definition, scope).Call(scope.Run, Arguments.None));
        return Flow.Next;
    }
}
