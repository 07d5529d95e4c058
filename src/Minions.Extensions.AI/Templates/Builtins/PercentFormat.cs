using System.Globalization;
using System.Numerics;
using System.Text;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Python's <c>format % values</c>.</summary>
internal static class PercentFormat
{
    public static StringValue Apply(StringValue format, Value values, RenderRun run)
    {
        var reader = new Reader(format, values, run);
        return reader.Read();
    }

    private sealed class Reader(StringValue format, Value values, RenderRun run)
    {
        private readonly TextBuilder _builder = new(run);
        private readonly IReadOnlyList<Value> _items = values is TupleValue tuple ? tuple.Elements : [values];
        private int _index;
        private int _used;
        private bool _byName;

        public StringValue Read()
        {
            string text = format.Text;
            run.ChargeText(text.Length);
            int plain = 0;
            while ((_index = text.IndexOf('%', plain)) >= 0)
            {
                run.Step();
                _builder.Append(format, plain, _index - plain);
                _index++;
                Conversion();
                plain = _index;
            }

            _builder.Append(format, plain, text.Length - plain);
            if (!_byName && _used < _items.Count && values is not (DictValue or ListValue and not TupleValue))
                throw TemplateFault.Type("not all arguments converted during string formatting");
            return _builder.ToValue(format.IsMarkup);
        }

        private void Conversion()
        {
            int start = _index;
            Value? named = Key();
            string flags = TakeWhile(character => "#0- +".Contains(character, StringComparison.Ordinal));
            int? width = Number();
            int? precision = null;
            if (Peek() == '.')
            {
                _index++;
                precision = Number() ?? 0;
            }

            TakeWhile(character => character is 'h' or 'l' or 'L');
            char form = Peek() ?? throw TemplateFault.Value("incomplete format");
            int at = _index++;
            if (form == '%' && at == start)
            {
                _builder.Append('%');
                return;
            }

            bool isLeft = flags.Contains('-', StringComparison.Ordinal);
            if (width < 0)
                (width, isLeft) = (-width, true);
            Value value = named ?? Next();
            if (form is 's' or 'r' or 'a' or 'c')
                PadText(TextOf(value, form, precision), width ?? 0, isLeft);
            else
                PadNumber(value, form, flags, width ?? 0, precision, isLeft, at);
        }

        private Value? Key()
        {
            if (Peek() != '(')
                return null;
            if (values is not DictValue dict)
                throw TemplateFault.Type("format requires a mapping");

            int end = format.Text.IndexOf(')', _index);
            if (end < 0)
                throw TemplateFault.Value("incomplete format key");

            string key = format.Text[(_index + 1)..end];
            run.MakeText(key.Length);
            _index = end + 1;
            _byName = true;
            return dict.Find(new StringValue(key)) ?? throw TemplateFault.Value(PythonText.Quote(key));
        }

        private Value Next()
        {
            if (_used >= _items.Count)
                throw TemplateFault.Type("not enough arguments for format string");
            return _items[_used++];
        }

        private int? Number()
        {
            if (Peek() == '*')
            {
                _index++;
                return Next() is IntValue given ? (int)BigInteger.Clamp(given.Number, -int.MaxValue, int.MaxValue) : throw TemplateFault.Type("* wants int");
            }

            string digits = TakeWhile(char.IsAsciiDigit);
            return digits.Length == 0 ? null : int.TryParse(digits, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;
        }

        private StringValue TextOf(Value value, char form, int? precision)
        {
            StringValue text = form switch
            {
                's' => format.IsMarkup ? HtmlText.Escape(value, run) : value.ToText(run),
                'c' => Character(value),
                'a' => Ascii(value.Repr(run)),
                _ => value.Repr(run),
            };
            if (precision < text.Length && form != 'c')
                return text.Part(0, text.UnitOf(precision.Value), run);
            return text;
        }

        private static StringValue Character(Value value) => value switch
        {
            StringValue { Length: 1 } text => text,
            IntValue number when number.Number >= 0 && number.Number < 0x110000 && Rune.IsValid((int)number.Number) => new StringValue(new Rune((int)number.Number).ToString()),
            IntValue => throw TemplateFault.Value("%c arg not in range(0x110000)"),
            _ => throw TemplateFault.Type("%c requires int or char"),
        };

        private StringValue Ascii(StringValue text)
        {
            var escaped = new TextBuilder(run);
            foreach (Rune rune in text.Text.EnumerateRunes())
            {
                if (rune.IsAscii)
                    escaped.Append((char)rune.Value);
                else
                    escaped.Append(PythonText.ByNumber(rune.Value));
            }

            return text.Rewritten(escaped.ToValue().Text);
        }

        private void PadText(StringValue text, int width, bool isLeft)
        {
            int missing = Padding.Missing(text, width);
            _builder.Append(Padding.Pad(text, isLeft ? 0 : missing, isLeft ? missing : 0, new StringValue(" "), run));
        }

        private void PadNumber(Value value, char form, string flags, int width, int? precision, bool isLeft, int at)
        {
            (bool isNegative, string digits) = Digits(value, form, precision, flags.Contains('#', StringComparison.Ordinal), at);
            string sign = isNegative ? "-" : flags.Contains('+', StringComparison.Ordinal) ? "+" : flags.Contains(' ', StringComparison.Ordinal) ? " " : "";
            if (flags.Contains('#', StringComparison.Ordinal) && form is 'x' or 'X' or 'o')
                sign += $"0{form}";
            int missing = Math.Max(width - sign.Length - digits.Length, 0);
            bool zeros = flags.Contains('0', StringComparison.Ordinal) && !isLeft;
            var space = new StringValue(" ");
            _builder.Repeat(space, isLeft || zeros ? 0 : missing).Append(sign).Repeat(new StringValue("0"), zeros ? missing : 0)
                .Append(digits).Repeat(space, isLeft ? missing : 0);
        }

        private (bool IsNegative, string Digits) Digits(Value value, char form, int? precision, bool alternate, int at)
        {
            switch (form)
            {
                case 'd' or 'i' or 'u' or 'x' or 'X' or 'o':
                    BigInteger integer = value switch
                    {
                        UndefinedValue undefined when form is 'd' or 'i' or 'u' => throw undefined.Fault(),
                        IntValue number => number.Number,
                        FloatValue real when form is 'd' or 'i' or 'u' && double.IsFinite(real.Number) => new BigInteger(real.Number),
                        _ => throw TemplateFault.Type($"%{form} format: {(form is 'd' or 'i' or 'u' ? "a real number" : "an integer")} is required, not {value.TypeName}"),
                    };
                    if (precision > NumberFormat.MaximumPrecision)
                        throw TemplateFault.Limit($"a precision is above {NumberFormat.MaximumPrecision}");
                    return (integer.Sign < 0, NumberFormat.Integer(integer, form, run).PadLeft(precision ?? 0, '0'));
                case 'f' or 'F' or 'e' or 'E' or 'g' or 'G':
                    if (value is UndefinedValue missing)
                        throw missing.Fault();
                    if (value is not NumberValue given)
                        throw TemplateFault.Type($"must be real number, not {value.TypeName}");
                    return (double.IsNegative(given.AsDouble), NumberFormat.Real(given.AsDouble, form, precision ?? 6, alternate, run));
                default:
                    throw TemplateFault.Value($"unsupported format character '{form}' (0x{(int)form:x}) at index {format.CodePointOf(at)}");
            }
        }

        private char? Peek() => _index < format.Text.Length ? format.Text[_index] : null;

        private string TakeWhile(Func<char, bool> takes)
        {
            int start = _index;
            while (_index < format.Text.Length && takes(format.Text[_index]))
                _index++;
            run.ChargeCharacters(_index - start);
            return format.Text[start.._index];
        }
    }
}
