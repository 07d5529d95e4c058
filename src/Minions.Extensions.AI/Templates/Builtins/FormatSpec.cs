using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Python's format specifications, as in <c>{:&gt;8.2f}</c>.</summary>
internal static partial class FormatSpec
{
    public static StringValue Apply(Value value, string spec, RenderRun run)
    {
        if (spec.Length == 0)
            return value.ToText(run);

        run.ChargeCharacters(spec.Length);
        Match match = Grammar().Match(spec);
        if (!match.Success)
            throw TemplateFault.Value($"Invalid format specifier '{spec}' for object of type '{value.TypeName}'");

        var fields = new Fields(match);
        return value switch
        {
            StringValue text => Text(text, fields, run),
            NumberValue number => Number(number, fields, run),
            UndefinedValue or NoneValue or ListValue or DictValue => throw TemplateFault.Type($"unsupported format string passed to {value.TypeName}.__format__"),
            _ => Text(value.ToText(run), fields, run),
        };
    }

    [GeneratedRegex(@"\A(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[+\- ])?(?<alternate>#)?(?<zero>0)?(?<width>[0-9]+)?(?<group>[,_])?(?:\.(?<precision>[0-9]+))?(?<form>[bcdeEfFgGnosxX%])?\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();

    private static StringValue Text(StringValue text, Fields fields, RenderRun run)
    {
        if (fields.Form is not (null or 's'))
            throw TemplateFault.Value($"Unknown format code '{fields.Form}' for object of type 'str'");
        if (fields.Sign.Length > 0 || fields.Align == '=')
            throw TemplateFault.Value(fields.Sign.Length > 0 ? "Sign not allowed in string format specifier" : "'=' alignment not allowed in string format specifier");
        if (fields.Group is { } group)
            throw TemplateFault.Value($"Cannot specify '{group}' with 's'.");
        if (fields.Precision < text.Length)
            text = text.Part(0, text.UnitOf(fields.Precision.Value), run);
        return Pad(text, string.Empty, fields, fields.Align ?? '<', run);
    }

    private static StringValue Number(NumberValue number, Fields fields, RenderRun run)
    {
        bool isInteger = number is IntValue && fields.Form is null or 'b' or 'd' or 'n' or 'o' or 'x' or 'X' or 'c';
        if (!isInteger && fields.Form is 'b' or 'c' or 'd' or 'n' or 'o' or 's' or 'x' or 'X')
            throw TemplateFault.Value($"Unknown format code '{fields.Form}' for object of type '{number.TypeName}'");
        if (fields.Form == 's')
            throw TemplateFault.Value($"Unknown format code 's' for object of type '{number.TypeName}'");
        if (fields.Form == 'c')
            return Pad(CharacterOf((IntValue)number), string.Empty, fields, fields.Align ?? '<', run);

        (bool isNegative, string digits) = isInteger ? Integer((IntValue)number, fields, run) : Real(number.AsDouble, fields, run);
        if (fields.Group is { } separator)
            digits = NumberFormat.Grouped(digits, separator, fields.Form is 'b' or 'o' or 'x' or 'X' ? 4 : 3, run);
        string sign = isNegative ? "-" : fields.Sign is "+" or " " ? fields.Sign : "";
        if (fields.IsAlternate && fields.Form is 'b' or 'o' or 'x' or 'X')
            sign += $"0{fields.Form}";
        return Pad(new StringValue(digits), sign, fields, fields.Align ?? '>', run);
    }

    private static StringValue CharacterOf(IntValue number) => number.Number >= 0 && number.Number < 0x110000 && Rune.IsValid((int)number.Number)
        ? new StringValue(new Rune((int)number.Number).ToString())
        : throw TemplateFault.Value("%c arg not in range(0x110000)");

    private static (bool IsNegative, string Digits) Integer(IntValue number, Fields fields, RenderRun run)
    {
        if (fields.Precision is not null)
            throw TemplateFault.Value("Precision not allowed in integer format specifier");
        return (number.Number.Sign < 0, NumberFormat.Integer(number.Number, fields.Form ?? 'd', run));
    }

    private static (bool IsNegative, string Digits) Real(double number, Fields fields, RenderRun run)
    {
        bool isNegative = double.IsNegative(number);
        if (fields.Form is { } form)
            return (isNegative, NumberFormat.Real(number, form, fields.Precision ?? 6, fields.IsAlternate, run));
        if (fields.Precision is null)
            return (isNegative, FloatText.Repr(Math.Abs(number)));

        // Without a form the shortest of the general ones, but a point with a digit behind it.
        string general = NumberFormat.Real(number, 'g', fields.Precision.Value, fields.IsAlternate, run);
        return (isNegative, general.AsSpan().IndexOfAny('.', 'e') < 0 ? general + ".0" : general);
    }

    private static StringValue Pad(StringValue text, string sign, Fields fields, char align, RenderRun run)
    {
        int missing = Math.Max(fields.Width - sign.Length - text.Length!.Value, 0);
        var fill = new StringValue(fields.Fill);
        int before = align switch { '>' => missing, '^' => missing / 2, _ => 0 };
        int between = align == '=' ? missing : 0;
        return new TextBuilder(run).Repeat(fill, before).Append(sign).Repeat(fill, between).Append(text)
            .Repeat(fill, missing - before - between).ToValue();
    }

    private readonly struct Fields(Match match)
    {
        private readonly bool _zero = match.Groups["zero"].Success;

        public string Fill => match.Groups["fill"].Success ? match.Groups["fill"].Value : _zero ? "0" : " ";

        public char? Align => match.Groups["align"].Success ? match.Groups["align"].Value[0] : _zero ? '=' : null;

        public string Sign => match.Groups["sign"].Value;

        public bool IsAlternate => match.Groups["alternate"].Success;

        public int Width => Integer("width") ?? 0;

        public char? Group => match.Groups["group"].Success ? match.Groups["group"].Value[0] : null;

        public int? Precision => Integer("precision");

        public char? Form => match.Groups["form"].Success ? match.Groups["form"].Value[0] : null;

        private int? Integer(string name) => !match.Groups[name].Success ? null
            : int.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw TemplateFault.Value("Too many decimal digits in format string");
    }
}
