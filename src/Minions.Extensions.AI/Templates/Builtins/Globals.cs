using System.Collections.Frozen;
using System.Numerics;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>The functions that every template finds: those of Jinja, <c>lipsum</c> excepted, and those of Hugging Face.</summary>
internal static class Globals
{
    // As in Jinja's sandbox.
    private const int MaximumRange = 100_000;

    private static readonly Signature RaiseParameters = new("raise_exception", 1, "message");

    private static readonly Signature ClockParameters = new("strftime_now", 1, "format");

    private static readonly Signature JoinerParameters = new("joiner", 0, "sep");

    private static readonly FrozenDictionary<string, Value> Table = new Dictionary<string, Value>
    {
        ["range"] = new FunctionValue("range", (_, arguments) => Range(arguments), "type"),
        ["dict"] = new FunctionValue("dict", (run, arguments) => Dict(arguments, run), "type"),
        ["namespace"] = new FunctionValue("namespace", (run, arguments) => new NamespaceValue(Dict(arguments, run)), "type"),
        ["cycler"] = new FunctionValue("cycler", (_, arguments) => new CyclerValue(arguments), "type"),
        ["joiner"] = new FunctionValue("joiner", (_, arguments) => Joiner(arguments), "type"),
        ["raise_exception"] = new FunctionValue("raise_exception", (run, arguments) =>
            throw new TemplateFault(FaultKind.Raised, RaiseParameters.Bind(arguments)[0]!.ToText(run).Text)),
        ["strftime_now"] = new FunctionValue("strftime_now", (run, arguments) =>
            new StringValue(ClockText.Format(run.Now.DateTime, Argument.Text(ClockParameters.Bind(arguments)[0]!).Text, run))),
    }.ToFrozenDictionary();

    public static Value? Find(string name) => Table.GetValueOrDefault(name);

    private static RangeValue Range(Arguments arguments)
    {
        if (arguments.Positional.Count is 0 or > 3 || arguments.Named.Count > 0)
            throw TemplateFault.Type("range expects 1 to 3 integers");

        long[] numbers = [.. arguments.Positional.Select(Number)];
        (long start, long stop, long step) = numbers.Length switch
        {
            1 => (0, numbers[0], 1),
            2 => (numbers[0], numbers[1], 1),
            _ => (numbers[0], numbers[1], numbers[2]),
        };
        if (step == 0)
            throw TemplateFault.Value("range() arg 3 must not be zero");
        if (RangeValue.Count(start, stop, step) > MaximumRange)
            throw TemplateFault.Value($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MaximumRange}).");
        return new RangeValue(start, stop, step);
    }

    // So far within a long that no sum of two overflows.
    private static long Number(Value value) => value switch
    {
        IntValue integer => (long)BigInteger.Clamp(integer.Number, -(1L << 60), 1L << 60),
        UndefinedValue => throw TemplateFault.Type("'Undefined' object cannot be interpreted as an integer"),
        _ => throw TemplateFault.Type($"'{value.TypeName}' object cannot be interpreted as an integer"),
    };

    private static DictValue Dict(Arguments arguments, RenderRun run)
    {
        if (arguments.Positional.Count > 1)
            throw TemplateFault.Type($"dict expected at most 1 argument, got {arguments.Positional.Count}");

        var dict = new DictValue(run);
        foreach (Value source in arguments.Positional)
        {
            if (source is UndefinedValue undefined)
                throw undefined.Fault();

            IEnumerable<Value> entries = source is DictValue other ? CollectionMethods.Entries(other).Items(run) : source.Items(run);
            foreach (Value entry in entries)
            {
                run.Step();
                (Value key, Value value) = Argument.Pair(entry, run) ?? throw TemplateFault.Value("dictionary update sequence elements have to be pairs");
                dict.Set(key, value);
            }
        }

        foreach ((string name, Value value) in arguments.Named)
            dict.Set(new StringValue(name), value);
        return dict;
    }

    private static FunctionValue Joiner(Arguments arguments)
    {
        StringValue separator = Argument.Text(JoinerParameters.Bind(arguments)[0], new StringValue(", "));
        bool used = false;
        return new FunctionValue("joiner", (_, _) =>
        {
            StringValue text = used ? separator : StringValue.Empty;
            used = true;
            return text;
        });
    }
}
