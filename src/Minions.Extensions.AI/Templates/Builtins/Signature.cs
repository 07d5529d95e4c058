using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>The parameters of a function of Jinja or Python: how many have to be given, and all by name.</summary>
internal sealed class Signature(string function, int required, params string[] names)
{
    /// <summary>Puts arguments in the order of the parameters; <see langword="null"/> stands where one is left out.</summary>
    public Value?[] Bind(Arguments arguments)
    {
        if (arguments.Positional.Count > names.Length)
        {
            throw TemplateFault.Type(names.Length == 0
                ? $"{function}() takes no arguments ({arguments.Positional.Count} given)"
                : $"{function}() takes at most {names.Length} argument{(names.Length == 1 ? "" : "s")} ({arguments.Positional.Count} given)");
        }

        var bound = new Value?[names.Length];
        for (int index = 0; index < arguments.Positional.Count; index++)
            bound[index] = arguments.Positional[index];
        foreach ((string name, Value value) in arguments.Named)
        {
            int index = Array.IndexOf(names, name);
            if (index < 0)
                throw TemplateFault.Type($"{function}() got an unexpected keyword argument '{name}'");
            if (bound[index] is not null)
                throw TemplateFault.Type($"{function}() got multiple values for argument '{name}'");
            bound[index] = value;
        }

        for (int index = 0; index < required; index++)
        {
            if (bound[index] is null)
                throw TemplateFault.Type($"{function}() missing required argument: '{names[index]}'");
        }

        return bound;
    }
}
