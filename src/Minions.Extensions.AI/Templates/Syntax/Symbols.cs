using Minions.Extensions.AI.Templates.Nodes;

namespace Minions.Extensions.AI.Templates.Syntax;

/// <summary>A function as far as variables go: the template, a macro, a call block or a recursive loop.</summary>
internal sealed class FunctionScope(FunctionScope? outer)
{
    private readonly int _depth = outer is null ? 0 : outer._depth + 1;

    public int SlotCount { get; private set; }

    public Variable Declare() => new(this, SlotCount++);

    public SlotReference Refer(Variable variable) => new(_depth - variable.Function._depth, variable.Slot);
}

/// <summary>A variable of a function.</summary>
internal sealed record Variable(FunctionScope Function, int Slot);

/// <summary>What a variable holds when its block is entered.</summary>
internal enum LoadKind
{
    /// <summary>Nothing.</summary>
    Undefined,

    /// <summary>What is set from outside: an argument, an item of a loop.</summary>
    Parameter,

    /// <summary>What the caller of the template gave by that name.</summary>
    Context,

    /// <summary>What a variable further out holds.</summary>
    Outer,
}

/// <summary>
/// The names of one block, by the rules of Jinja's compiler: a name that a block sets is a variable of its own, which begins as the one of that name
/// further out; a name that is only read is the one further out, or what the caller gave.
/// </summary>
internal sealed class Symbols
{
    // Branches of a condition are looked at on their own, but a name of theirs is one variable.
    private readonly Dictionary<string, Variable> _variables;
    private readonly Dictionary<string, Variable> _names;
    private readonly Dictionary<Variable, (LoadKind Kind, string Name, Variable? Source)> _loads;
    private readonly HashSet<string> _stores;

    public Symbols(FunctionScope function, Symbols? outer)
    {
        (Function, Outer) = (function, outer);
        (_variables, _names, _loads, _stores) = ([], [], [], []);
    }

    private Symbols(Symbols original)
    {
        (Function, Outer, _variables) = (original.Function, original.Outer, original._variables);
        (_names, _loads, _stores) = (new(original._names), new(original._loads), [.. original._stores]);
    }

    public FunctionScope Function { get; }

    public Symbols? Outer { get; }

    public Symbols Copy() => new(this);

    public void Load(string name)
    {
        if (Find(name) is null)
            Define(name, LoadKind.Context);
    }

    public void Store(string name)
    {
        _stores.Add(name);
        if (_names.ContainsKey(name))
            return;

        if (Outer?.Find(name) is { } outer)
            Define(name, LoadKind.Outer, outer);
        else
            Define(name, LoadKind.Undefined);
    }

    public void Declare(string name)
    {
        _stores.Add(name);
        Define(name, LoadKind.Parameter);
    }

    /// <summary>Takes over what the branches of a condition name. What only they set may not have been set.</summary>
    public void Merge(IReadOnlyList<Symbols> branches)
    {
        var stored = branches.SelectMany(branch => branch._stores).Except(_stores).ToHashSet();
        foreach (Symbols branch in branches)
        {
            foreach ((string name, Variable variable) in branch._names)
                _names[name] = variable;
            foreach ((Variable variable, (LoadKind, string, Variable?) load) in branch._loads)
                _loads[variable] = load;
            _stores.UnionWith(branch._stores);
        }

        foreach (string name in stored)
        {
            Variable variable = Require(name);
            _loads[variable] = Outer?.Find(name) is { } outer ? (LoadKind.Outer, name, outer) : (LoadKind.Context, name, null);
        }
    }

    public SlotReference Refer(string name) => Function.Refer(Require(name));

    public ScopeEntry Entry()
    {
        var loads = new List<SlotLoad>();
        foreach ((Variable variable, (LoadKind kind, string name, Variable? source)) in _loads)
        {
            if (kind != LoadKind.Parameter)
                loads.Add(new SlotLoad(Function.Refer(variable), source is null ? null : Function.Refer(source), kind == LoadKind.Context ? name : null));
        }

        return loads.Count == 0 ? ScopeEntry.None : new ScopeEntry(loads);
    }

    private Variable? Find(string name) => _names.TryGetValue(name, out Variable? variable) ? variable : Outer?.Find(name);

    private Variable Require(string name) => Find(name) ?? throw new InvalidOperationException($"The scope analysis missed the name '{name}'.");

    private void Define(string name, LoadKind kind, Variable? source = null)
    {
        if (!_variables.TryGetValue(name, out Variable? variable))
            _variables[name] = variable = Function.Declare();
        _names[name] = variable;
        _loads[variable] = (kind, name, source);
    }
}
