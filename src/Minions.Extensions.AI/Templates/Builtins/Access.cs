using System.Collections.Frozen;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>
/// How Jinja's sandbox reads <c>a.b</c> and <c>a['b']</c>: the dot prefers an attribute, the brackets an item, and each falls back on the other.
/// </summary>
internal static class Access
{
    // Every Python object has these; the sandbox hands none of them out.
    private static readonly FrozenSet<string> Inner =
    [
        "__class__", "__delattr__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__", "__getattribute__", "__getstate__", "__gt__", "__hash__",
        "__init__", "__init_subclass__", "__le__", "__lt__", "__ne__", "__new__", "__reduce__", "__reduce_ex__", "__repr__", "__setattr__", "__sizeof__",
        "__str__", "__subclasshook__",
    ];

    public static Value Attribute(Value owner, StringValue name, RenderRun run)
    {
        ThrowIfUndefined(owner);
        return Own(owner, name.Text) ?? owner.Item(name, run) ?? UndefinedValue.Missing(owner, name.Text);
    }

    public static Value Item(Value owner, Value key, RenderRun run)
    {
        ThrowIfUndefined(owner);
        return owner.Item(key, run) ?? (key is StringValue name ? Own(owner, name.Text) : null) ?? UndefinedValue.Missing(owner, key, run);
    }

    /// <summary>An attribute or method of the object's type, without its items.</summary>
    public static Value? Own(Value owner, string name) => owner.Attribute(name) ?? MethodOf(owner, name) ?? (Inner.Contains(name) && owner is not NamespaceValue
        ? UndefinedValue.Unsafe(owner, name)
        : null);

    private static Value? MethodOf(Value owner, string name) => owner switch
    {
        StringValue text => StringMethods.Find(text, name),
        DictValue or ListValue or RangeValue => CollectionMethods.Find(owner, name),
        IntValue integer => NumberMethod(integer, name),
        FloatValue real => NumberMethod(real, name),
        _ => null,
    };

    private static FunctionValue? NumberMethod(NumberValue number, string name) => name switch
    {
        "bit_length" when number is IntValue integer => Method(name, () => IntValue.Of(System.Numerics.BigInteger.Abs(integer.Number).GetBitLength())),
        "conjugate" => Method(name, () => number),
        "is_integer" when number is FloatValue real => Method(name, () => BoolValue.Of(double.IsFinite(real.Number) && real.Number == Math.Floor(real.Number))),
        _ => null,
    };

    private static FunctionValue Method(string name, Func<Value> body)
    {
        var signature = new Signature(name, 0);
        return new FunctionValue(name, (_, arguments) =>
        {
            signature.Bind(arguments);
            return body();
        });
    }

    private static void ThrowIfUndefined(Value owner)
    {
        if (owner is UndefinedValue undefined)
            throw undefined.Fault();
    }
}
