using System.Numerics;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Reads an argument as the type that a function expects.</summary>
internal static class Argument
{
    public static int Integer(Value? value, int absent) => value switch
    {
        null => absent,
        IntValue integer => (int)BigInteger.Clamp(integer.Number, int.MinValue, int.MaxValue),
        _ => throw TemplateFault.Type($"'{value.TypeName}' object cannot be interpreted as an integer"),
    };

    public static bool Flag(Value? value, bool absent = false) => value?.IsTrue ?? absent;

    public static StringValue Text(Value? value, StringValue absent) => value is null ? absent : Text(value);

    public static StringValue Text(Value value) => value switch
    {
        StringValue text => text,
        _ => throw TemplateFault.Type($"expected a str, not {value.TypeName}"),
    };

    /// <summary>MarkupSafe's <c>soft_str</c>: strings as they are, anything else as text.</summary>
    public static StringValue SoftText(Value value, RenderRun run) => value as StringValue ?? value.ToText(run);

    /// <summary>The two items of a value that has two, or <see langword="null"/>.</summary>
    public static (Value First, Value Second)? Pair(Value value, RenderRun run) =>
        value.Items(run).Take(3).ToArray() is [Value first, Value second] ? (first, second) : null;

    public static Value? OrNull(Value? value) => value is NoneValue ? null : value;
}
