using System.Globalization;
using System.Numerics;
using System.Text;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>The digits of a number in one of the forms that both ways of formatting know, without sign and padding.</summary>
internal static class NumberFormat
{
    // Python allows more, but nothing has as many digits.
    public const int MaximumPrecision = 4096;

    /// <summary>Forms <c>f</c>, <c>e</c>, <c>g</c> and <c>%</c>, and their capitals.</summary>
    public static string Real(double number, char form, int precision, bool alternate, RenderRun run)
    {
        if (!double.IsFinite(number))
        {
            string text = double.IsNaN(number) ? "nan" : "inf";
            return char.IsUpper(form) ? text.ToUpperInvariant() : form == '%' ? text + "%" : text;
        }

        if (precision > MaximumPrecision)
            throw TemplateFault.Limit($"a precision is above {MaximumPrecision}");

        run.ChargeDigits(FloatText.LongestInteger + precision);
        string digits = char.ToLowerInvariant(form) switch
        {
            'e' => Scientific(number, precision, alternate),
            'g' => General(number, Math.Max(precision, 1), alternate),
            '%' => FloatText.Fixed(number * 100, precision) + (alternate && precision == 0 ? "." : "") + "%",
            _ => FloatText.Fixed(number, precision) + (alternate && precision == 0 ? "." : ""),
        };
        return char.IsUpper(form) ? digits.ToUpperInvariant() : digits;
    }

    /// <summary>The digits of an integer in base 2, 8, 10 or 16.</summary>
    public static string Integer(BigInteger number, char form, RenderRun run)
    {
        long bits = number.GetBitLength();
        run.ChargeCharacters(bits);
        run.ChargeProduct(bits, bits);
        BigInteger absolute = BigInteger.Abs(number);
        return form switch
        {
            'b' => InBase(absolute, 1),
            'o' => InBase(absolute, 3),
            'x' => InBase(absolute, 4),
            'X' => InBase(absolute, 4).ToUpperInvariant(),
            _ => absolute.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Puts a separator between groups of digits, up to the first character that is none.</summary>
    public static string Grouped(string digits, char separator, int size, RenderRun run)
    {
        run.ChargeCharacters(digits.Length);
        int whole = 0;
        while (whole < digits.Length && char.IsAsciiHexDigit(digits[whole]))
            whole++;
        var text = new StringBuilder();
        for (int index = 0; index < whole; index++)
        {
            if (index > 0 && (whole - index) % size == 0)
                text.Append(separator);
            text.Append(digits[index]);
        }

        return text.Append(digits.AsSpan(whole)).ToString();
    }

    private static string InBase(BigInteger number, int bitsPerDigit)
    {
        byte[] bytes = [.. number.ToByteArray(isUnsigned: true), 0];
        char[] digits = new char[Math.Max(((int)number.GetBitLength() + bitsPerDigit - 1) / bitsPerDigit, 1)];
        for (int index = 0; index < digits.Length; index++)
        {
            (int first, int offset) = Math.DivRem(index * bitsPerDigit, 8);
            int pair = bytes[first] | (bytes[first + 1] << 8);
            digits[^(index + 1)] = "0123456789abcdef"[(pair >> offset) & ((1 << bitsPerDigit) - 1)];
        }

        return new string(digits);
    }

    private static string Scientific(double number, int precision, bool alternate)
    {
        (string digits, int exponent) = FloatText.Significant(number, precision + 1);
        string point = precision > 0 || alternate ? "." : "";
        return $"{digits[0]}{point}{digits[1..]}{FloatText.ExponentText(exponent)}";
    }

    private static string General(double number, int precision, bool alternate)
    {
        (string digits, int exponent) = FloatText.Significant(number, precision);
        string text = exponent < -4 || exponent >= precision
            ? Scientific(number, precision - 1, alternate)
            : FloatText.Fixed(number, precision - 1 - exponent);
        if (alternate || !text.Contains('.', StringComparison.Ordinal))
            return text;

        int mark = text.IndexOf('e', StringComparison.Ordinal);
        string mantissa = (mark < 0 ? text : text[..mark]).TrimEnd('0').TrimEnd('.');
        return mark < 0 ? mantissa : mantissa + text[mark..];
    }
}
