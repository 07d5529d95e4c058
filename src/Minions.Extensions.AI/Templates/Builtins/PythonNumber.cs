using System.Globalization;
using System.Numerics;
using System.Text;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Reads numbers from text as Python's <c>int</c> and <c>float</c> do: with spaces around, underscores between digits, digits of any script.</summary>
internal static class PythonNumber
{
    /// <summary>More decimal digits Python does not read.</summary>
    public const int MaximumDigits = 4300;

    // As many digits of any base as a 64-bit number holds.
    private const int DigitsAtOnce = 12;

    /// <summary>Reads a number at the cost of a rendering.</summary>
    public static BigInteger? Integer(string text, int numberBase, RenderRun run)
    {
        run.ChargeCharacters(text.Length);
        run.MakeText(text.Length);
        run.ChargeDigits(Math.Min(text.Length, MaximumDigits));
        return Integer(text, numberBase);
    }

    public static BigInteger? Integer(string text, int numberBase)
    {
        if (numberBase is not (0 or (>= 2 and <= 36)))
            return null;

        string digits = Plain(text);
        bool isNegative = digits.StartsWith('-');
        if (isNegative || digits.StartsWith('+'))
            digits = digits[1..];
        (digits, numberBase) = WithoutPrefix(digits, numberBase);
        if (digits.Length > MaximumDigits || !HasGoodUnderscores(digits))
            return null;

        (BigInteger number, ulong part, ulong scale) = (BigInteger.Zero, 0, 1);
        int count = 0;
        foreach (char character in digits)
        {
            if (character == '_')
                continue;

            int digit = char.IsAsciiDigit(character) ? character - '0' : char.IsAsciiLetter(character) ? (character | 0x20) - 'a' + 10 : 99;
            if (digit >= numberBase)
                return null;
            (part, scale) = ((part * (ulong)numberBase) + (ulong)digit, scale * (ulong)numberBase);
            if (++count % DigitsAtOnce == 0)
                (number, part, scale) = ((number * scale) + part, 0, 1);
        }

        number = (number * scale) + part;
        return isNegative ? -number : number;
    }

    public static double? Real(string text, RenderRun run)
    {
        // What is made of it on the way: some copies, and a part for each sign in it.
        run.ChargeCharacters(text.Length);
        run.MakeText(4L * text.Length);
        return Real(text);
    }

    public static double? Real(string text)
    {
        string digits = Plain(text);
        string name = digits.TrimStart('+', '-').ToUpperInvariant();
        if (digits.Length - name.Length <= 1 && name is "INF" or "INFINITY" or "NAN")
            return name == "NAN" ? double.NaN : digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        foreach (string part in digits.Split('.', 'e', 'E', '+', '-'))
        {
            if (part.Length > 0 && !HasGoodUnderscores(part))
                return null;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        string plain = digits.Replace("_", string.Empty, StringComparison.Ordinal);
        return double.TryParse(plain, Style, CultureInfo.InvariantCulture, out double number) ? number : null;
    }

    private static string Plain(string text)
    {
        string trimmed = Trimmed(text);
        if (Ascii.IsValid(trimmed))
            return trimmed;

        var plain = new StringBuilder(trimmed.Length);
        foreach (Rune rune in trimmed.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
                plain.Append((int)Rune.GetNumericValue(rune));
            else
                plain.Append(rune.ToString());
        }

        return plain.ToString();
    }

    private static string Trimmed(string text)
    {
        (int start, int end) = (0, text.Length);
        while (start < end && PythonText.IsSpace(text[start]))
            start++;
        while (end > start && PythonText.IsSpace(text[end - 1]))
            end--;
        return text[start..end];
    }

    private static (string Digits, int Base) WithoutPrefix(string digits, int numberBase)
    {
        int prefixed = digits.Length > 2 && digits[0] == '0' ? (digits[1] | 0x20) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (prefixed != 0 && (numberBase == prefixed || numberBase == 0))
            return (digits[2..].TrimStart('_'), prefixed);
        return (digits, numberBase == 0 ? 10 : numberBase);
    }

    private static bool HasGoodUnderscores(string digits) =>
        digits.Length > 0 && digits[0] != '_' && digits[^1] != '_' && !digits.Contains("__", StringComparison.Ordinal);
}
