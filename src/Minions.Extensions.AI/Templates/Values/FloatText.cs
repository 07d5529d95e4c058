using System.Globalization;
using System.Numerics;
using System.Text;

namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Writes floating-point numbers as Python does: the shortest text that reads back the same, or rounded exactly, ties to even.</summary>
internal static class FloatText
{
    /// <summary>How many digits the largest number has before its point.</summary>
    public const int LongestInteger = 309;

    /// <summary>Python's <c>repr</c>.</summary>
    public static string Repr(double number)
    {
        if (!double.IsFinite(number))
            return NonFinite(number);

        (string digits, int exponent) = Digits(Math.Abs(number).ToString("R", CultureInfo.InvariantCulture));
        string sign = double.IsNegative(number) ? "-" : string.Empty;
        if (exponent is < -4 or >= 16)
            return sign + Scientific(digits, exponent);
        return sign + Positional(digits, exponent);
    }

    public static string NonFinite(double number) => double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";

    /// <summary>The number with so many digits behind the point, as <c>%.nf</c> has it, without a sign.</summary>
    public static string Fixed(double number, int digits)
    {
        BigInteger scaled = RoundedScaled(Math.Abs(number), digits);
        string text = scaled.ToString(CultureInfo.InvariantCulture);
        if (digits <= 0)
            return text + new string('0', scaled.IsZero ? 0 : -digits);

        text = text.PadLeft(digits + 1, '0');
        return $"{text[..^digits]}.{text[^digits..]}";
    }

    /// <summary>Python's <c>round(number, digits)</c>.</summary>
    public static double Round(double number, int digits)
    {
        if (!double.IsFinite(number) || digits > 323)
            return number;
        if (digits < -308)
            return 0 * number;

        double rounded = double.Parse(Fixed(number, digits), CultureInfo.InvariantCulture);
        return double.IsNegative(number) ? -rounded : rounded;
    }

    /// <summary>The significant digits and the exponent of the first one, rounded to so many digits, as <c>%.ne</c> needs them.</summary>
    public static (string Digits, int Exponent) Significant(double number, int count)
    {
        number = Math.Abs(number);
        if (number == 0)
            return (new string('0', count), 0);

        int exponent = (int)Math.Floor(Math.Log10(number));
        for (int guess = exponent - 1; ; guess++)
        {
            string digits = RoundedScaled(number, count - 1 - guess).ToString(CultureInfo.InvariantCulture);
            if (digits.Length <= count)
                return (digits.PadRight(count, '0'), guess);
        }
    }

    // The number times a power of ten, as an integer, ties to even; exact, as a double is an integer times a power of two.
    private static BigInteger RoundedScaled(double number, int digits)
    {
        long bits = BitConverter.DoubleToInt64Bits(number);
        int power = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        if (power == 0)
            power = 1;
        else
            mantissa |= 1L << 52;
        power -= 1075;

        BigInteger numerator = mantissa;
        BigInteger denominator = BigInteger.One;
        if (power > 0)
            numerator <<= power;
        else
            denominator <<= -power;
        if (digits > 0)
            numerator *= BigInteger.Pow(10, digits);
        else
            denominator *= BigInteger.Pow(10, -digits);

        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
        int half = (rest * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    // The digits of what .NET writes, without leading and trailing zeros, and the exponent of the first of them.
    private static (string Digits, int Exponent) Digits(string text)
    {
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = mark < 0 ? text : text[..mark];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = mantissa.Replace(".", string.Empty, StringComparison.Ordinal);
        int whole = point < 0 ? digits.Length : point;
        string leading = digits.TrimStart('0');
        exponent += whole - 1 - (digits.Length - leading.Length);
        leading = leading.TrimEnd('0');
        return leading.Length == 0 ? ("0", 0) : (leading, exponent);
    }

    private static string Positional(string digits, int exponent)
    {
        if (exponent < 0)
            return $"0.{new string('0', -exponent - 1)}{digits}";
        if (digits.Length <= exponent + 1)
            return $"{digits.PadRight(exponent + 1, '0')}.0";
        return $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static string Scientific(string digits, int exponent)
    {
        StringBuilder text = new StringBuilder().Append(digits[0]);
        if (digits.Length > 1)
            text.Append('.').Append(digits.AsSpan(1));
        return text.Append(ExponentText(exponent)).ToString();
    }

    public static string ExponentText(int exponent) =>
        $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
}
