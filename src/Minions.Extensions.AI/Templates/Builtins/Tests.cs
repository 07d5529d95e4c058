using System.Collections.Frozen;
using System.Numerics;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>What stands behind <c>is</c>.</summary>
internal delegate bool TemplateTest(Value value, Arguments arguments, RenderRun run);

/// <summary>Jinja's tests.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, TemplateTest> Table = Build().ToFrozenDictionary(entry => entry.Name, entry => entry.Test);

    public static TemplateTest? Find(string name) => Table.GetValueOrDefault(name);

    public static TemplateTest Require(string name) => Find(name) ?? throw new TemplateFault(FaultKind.UnknownName, $"No test named {PythonText.Quote(name)}.");

    private static IEnumerable<(string Name, TemplateTest Test)> Build()
    {
        yield return Simple("defined", value => value is not UndefinedValue);
        yield return Simple("undefined", value => value is UndefinedValue);
        yield return Simple("none", value => value is NoneValue);
        yield return Simple("boolean", value => value is BoolValue);
        yield return Simple("true", value => ReferenceEquals(value, BoolValue.True));
        yield return Simple("false", value => ReferenceEquals(value, BoolValue.False));
        yield return Simple("integer", value => value is IntValue and not BoolValue);
        yield return Simple("float", value => value is FloatValue);
        yield return Simple("number", value => value is NumberValue);
        yield return Simple("string", value => value is StringValue);
        yield return Simple("mapping", value => value is DictValue);
        yield return Simple("sequence", value => value.IsSequence);
        yield return Simple("iterable", value => value.IsIterable);
        yield return Simple("callable", value => value.IsCallable);
        yield return Simple("escaped", value => value is StringValue { IsMarkup: true });
        yield return ("lower", (value, _, run) => CharacterTest.Lower.Holds(value.ToText(run), run));
        yield return ("upper", (value, _, run) => CharacterTest.Upper.Holds(value.ToText(run), run));
        yield return ("odd", (value, _, run) => Arithmetic.Modulo(value, IntValue.Of(2), run).Equals(IntValue.Of(1), run));
        yield return ("even", (value, _, run) => Arithmetic.Modulo(value, IntValue.Of(2), run).Equals(IntValue.Of(0), run));
        yield return ("divisibleby", Binary("divisibleby", "num", (value, other, run) => Arithmetic.Modulo(value, other, run).Equals(IntValue.Of(0), run)));
        yield return ("sameas", Binary("sameas", "other", (value, other, run) => ReferenceEquals(value, other)
            || (value is IntValue and not BoolValue && other is IntValue and not BoolValue && value.Equals(other, run) && IsSmall((IntValue)value))));
        yield return ("filter", (value, _, _) => value is StringValue name && Filters.Find(name.Text) is not null);
        yield return ("test", (value, _, _) => value is StringValue name && Find(name.Text) is not null);
        yield return ("in", Binary("in", "seq", (value, container, run) => container.Contains(value, run)));
        foreach (string name in (string[])["==", "eq", "equalto"])
            yield return (name, Binary("eq", "other", (value, other, run) => value.Equals(other, run)));
        foreach (string name in (string[])["!=", "ne"])
            yield return (name, Binary("ne", "other", (value, other, run) => !value.Equals(other, run)));
        foreach ((string sign, string[] names) in ((string, string[])[])
            [("<", ["<", "lt", "lessthan"]), (">", [">", "gt", "greaterthan"]), ("<=", ["<=", "le"]), (">=", [">=", "ge"])])
        {
            foreach (string name in names)
                yield return (name, Binary(name, "other", (value, other, run) => Comparison.Less(value, other, run, sign)));
        }
    }

    // Python keeps one object for each of these.
    private static bool IsSmall(IntValue number) => number.Number >= -5 && number.Number <= new BigInteger(256);

    private static (string Name, TemplateTest Test) Simple(string name, Func<Value, bool> test)
    {
        var signature = new Signature($"test_{name}", 0);
        return (name, (value, arguments, _) =>
        {
            signature.Bind(arguments);
            return test(value);
        }
        );
    }

    private static TemplateTest Binary(string name, string parameter, Func<Value, Value, RenderRun, bool> test)
    {
        var signature = new Signature($"test_{name}", 1, parameter);
        return (value, arguments, run) => test(value, signature.Bind(arguments)[0]!, run);
    }
}
