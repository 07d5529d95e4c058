using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>A method of a Python type.</summary>
internal sealed record Method<T>(string Name, Func<T, Arguments, RenderRun, Value> Body)
    where T : Value
{
    /// <summary>The method bound to its object.</summary>
    public FunctionValue Of(T owner) =>
        new($"{Name} of {owner.TypeName} object at 0x0", (run, arguments) => Body(owner, arguments, run), "built-in method");
}
