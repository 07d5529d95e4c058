using Minions.Extensions.AI.Templates.Builtins;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary>The arguments of a call as the template writes them.</summary>
internal sealed class ArgumentList(
    IReadOnlyList<Expression> positional, IReadOnlyList<(string Name, Expression Value)> named, Expression? star, Expression? doubleStar)
{
    // The first name that is written twice.
    private readonly string? _repeated = named.GroupBy(argument => argument.Name).FirstOrDefault(group => group.Count() > 1)?.Key;

    public static ArgumentList Empty { get; } = new([], [], null, null);

    public IEnumerable<Node> Children => positional.Concat(named.Select(argument => argument.Value)).Concat(star is null ? [] : [star])
        .Concat(doubleStar is null ? [] : [doubleStar]);

    public Arguments Evaluate(Activation scope, Value? caller = null)
    {
        if (positional.Count + named.Count == 0 && star is null && doubleStar is null && caller is null)
            return Arguments.None;

        var values = new List<Value>(positional.Count);
        foreach (Expression argument in positional)
            values.Add(argument.Evaluate(scope));
        var byName = new List<KeyValuePair<string, Value>>(named.Count);
        foreach ((string name, Expression value) in named)
            byName.Add(new(name, value.Evaluate(scope)));
        if (_repeated is not null)
            throw Repeated(_repeated);
        if (caller is not null)
            Add(byName, new("caller", caller));
        if (star is not null)
            values.AddRange(ListFilters.Collect(star.Evaluate(scope), scope.Run));
        if (doubleStar is not null)
            Spread(doubleStar.Evaluate(scope), byName, scope.Run);
        return new Arguments(values, byName);
    }

    private static void Spread(Value value, List<KeyValuePair<string, Value>> byName, RenderRun run)
    {
        if (value is not DictValue dict)
            throw TemplateFault.Type($"argument after ** must be a mapping, not {value.TypeName}");

        // The keys of a dictionary differ from each other.
        KeyValuePair<string, Value>[] written = [.. byName];
        foreach ((Value key, Value item) in dict.Entries)
        {
            run.ChargeItems(1 + written.Length);
            if (key is not StringValue name)
                throw TemplateFault.Type("keywords must be strings");
            if (Array.Exists(written, argument => argument.Key == name.Text))
                throw Repeated(name.Text);
            byName.Add(new(name.Text, item));
        }
    }

    private static void Add(List<KeyValuePair<string, Value>> byName, KeyValuePair<string, Value> argument)
    {
        if (byName.Exists(other => other.Key == argument.Key))
            throw Repeated(argument.Key);
        byName.Add(argument);
    }

    private static TemplateFault Repeated(string name) => TemplateFault.Type($"got multiple values for keyword argument '{name}'");
}

/// <summary><c>f(a, b=c)</c></summary>
internal sealed class CallExpression(Expression function, ArgumentList arguments) : Expression
{
    public override IEnumerable<Node> Children => [function, .. arguments.Children];

    public Value Call(Activation scope, Value? caller)
    {
        Value called = function.Evaluate(scope);
        Arguments given = arguments.Evaluate(scope, caller);
        if (called is UndefinedValue undefined)
            throw undefined.Fault();
        if (called is not CallableValue callable)
            throw TemplateFault.Type($"'{called.TypeName}' object is not callable");

        scope.Run.EnterCall();
        Value result = callable.Call(scope.Run, given);
        scope.Run.LeaveCall();
        return result;
    }

    protected override Value Compute(Activation scope) => Call(scope, caller: null);
}

/// <summary><c>a | f(b)</c>. Without an input it stands at the head of a block, whose text it is given.</summary>
internal sealed class FilterExpression(Expression? input, string name, ArgumentList arguments) : Expression
{
    private readonly TemplateFilter? _filter = Filters.Find(name);

    public string Name => name;

    public bool IsKnown => _filter is not null;

    public override IEnumerable<Node> Children => input is null ? arguments.Children : [input, .. arguments.Children];

    public Value Apply(Activation scope, Value text)
    {
        scope.Run.Step();
        return Run(scope, input is FilterExpression inner ? inner.Apply(scope, text) : text);
    }

    protected override Value Compute(Activation scope) => Run(scope, input!.Evaluate(scope));

    private Value Run(Activation scope, Value value)
    {
        if (_filter is null)
            throw new TemplateFault(FaultKind.UnknownName, $"No filter named {PythonText.Quote(name)} found.");
        return _filter(value, arguments.Evaluate(scope), scope.Run);
    }
}

/// <summary><c>a is t(b)</c></summary>
internal sealed class TestExpression(Expression input, string name, ArgumentList arguments) : Expression
{
    private readonly TemplateTest? _test = Tests.Find(name);

    public string Name => name;

    public bool IsKnown => _test is not null;

    public override IEnumerable<Node> Children => [input, .. arguments.Children];

    protected override Value Compute(Activation scope)
    {
        Value value = input.Evaluate(scope);
        if (_test is null)
            throw new TemplateFault(FaultKind.UnknownName, $"No test named {PythonText.Quote(name)} found.");
        return BoolValue.Of(_test(value, arguments.Evaluate(scope), scope.Run));
    }
}
