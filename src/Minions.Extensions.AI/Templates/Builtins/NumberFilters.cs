using System.Globalization;
using System.Numerics;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>The filters that make numbers, or text of numbers.</summary>
internal static class NumberFilters
{
    public static IEnumerable<(string Name, TemplateFilter Filter)> All =>
    [
        Filters.Of("abs", 0, [], (value, _, run) => value switch
        {
            IntValue integer => IntValue.Of(BigInteger.Abs(integer.Number), run),
            FloatValue real => new FloatValue(Math.Abs(real.Number)),
            UndefinedValue => throw TemplateFault.Type("bad operand type for abs(): 'Undefined'"),
            _ => throw TemplateFault.Type($"bad operand type for abs(): '{value.TypeName}'"),
        }),
        Filters.Of("int", 0, ["default", "base"], (value, given, run) => Integer(value, Argument.Integer(given[1], 10), run) ?? given[0] ?? IntValue.Of(0)),
        Filters.Of("float", 0, ["default"], (value, given, run) => Real(value, run) is { } number ? new FloatValue(number) : given[0] ?? new FloatValue(0)),
        Filters.Of("round", 0, ["precision", "method"], (value, given, run) => Round(value, given, run)),
        Filters.Of("filesizeformat", 0, ["binary"], (value, given, run) => FileSize(value, Argument.Flag(given[0]), run)),
    ];

    private static IntValue? Integer(Value value, int numberBase, RenderRun run)
    {
        ThrowIfUndefined(value);
        if (value is StringValue text && PythonNumber.Integer(text.Text, numberBase, run) is { } parsed)
            return IntValue.Of(parsed, run);
        if (value is IntValue integer)
            return integer.Plain;
        return Real(value, run) is { } number && double.IsFinite(number) ? IntValue.Of(new BigInteger(number), run) : null;
    }

    private static double? Real(Value value, RenderRun run)
    {
        ThrowIfUndefined(value);
        return value switch
        {
            NumberValue number => number.AsDouble,
            StringValue text => PythonNumber.Real(text.Text, run),
            _ => null,
        };
    }

    private static NumberValue Round(Value value, Value?[] given, RenderRun run)
    {
        int precision = Argument.Integer(given[0], 0);
        string method = given[1] is null ? "common" : (given[1] as StringValue)?.Text ?? string.Empty;
        if (method is not ("common" or "ceil" or "floor"))
            throw TemplateFault.Value("method must be common, ceil or floor");

        if (method != "common")
            ThrowIfUndefined(value);
        if (value is not NumberValue number)
            throw TemplateFault.Type($"type {value.TypeName} doesn't define __round__ method");
        if (method == "common")
        {
            run.ChargeDigits(FloatText.LongestInteger + Math.Clamp(Math.Abs((long)precision), 0, 5000));
            return number is IntValue integer ? RoundInteger(integer, precision, run) : new FloatValue(FloatText.Round(number.AsDouble, precision));
        }

        double factor = Math.Pow(10, precision);
        double scaled = number.AsDouble * factor;
        return new FloatValue((method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled)) / factor);
    }

    private static IntValue RoundInteger(IntValue number, int precision, RenderRun run)
    {
        if (precision >= 0)
            return number.Plain;
        if (precision < -5000)
            return IntValue.Of(0);

        BigInteger unit = BigInteger.Pow(10, -precision);
        BigInteger quotient = BigInteger.DivRem(BigInteger.Abs(number.Number), unit, out BigInteger rest);
        int half = (rest * 2).CompareTo(unit);
        if (half > 0 || (half == 0 && !quotient.IsEven))
            quotient++;
        return IntValue.Of(quotient * unit * number.Number.Sign, run);
    }

    private static StringValue FileSize(Value value, bool binary, RenderRun run)
    {
        double bytes = Real(value, run) ?? throw TemplateFault.Value("filesizeformat expects a number");
        int unit = binary ? 1024 : 1000;
        if (bytes == 1)
            return new StringValue("1 Byte");
        if (bytes < unit)
            return new StringValue(string.Create(CultureInfo.InvariantCulture, $"{(long)bytes} Bytes"));

        string[] prefixes = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
        double size = bytes;
        int index = -1;
        do
        {
            size = unit * bytes / Math.Pow(unit, ++index + 2);
        }
        while (index + 1 < prefixes.Length && bytes >= Math.Pow(unit, index + 2));
        string prefix = binary ? prefixes[index].ToUpperInvariant() + "i" : prefixes[index];
        run.ChargeDigits(FloatText.LongestInteger);
        return new StringValue($"{FloatText.Fixed(size, 1)} {prefix}B");
    }

    private static void ThrowIfUndefined(Value value)
    {
        if (value is UndefinedValue undefined)
            throw undefined.Fault();
    }
}
