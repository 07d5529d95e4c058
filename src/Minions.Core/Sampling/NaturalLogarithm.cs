namespace Minions.Core.Sampling;

/// <summary>
/// The natural logarithm in additions, multiplications and divisions alone. These are rounded the same way everywhere, so the result has
/// the same bits on every processor; those of a mathematical library differ between them.
/// </summary>
internal static class NaturalLogarithm
{
    private const double Ln2 = 0.693147180559945309417;
    private const long MantissaBits = 0x000F_FFFF_FFFF_FFFF;
    private const long One = 0x3FF0_0000_0000_0000;
    private const double SqrtTwo = 1.41421356237309504880;

    /// <summary>The logarithm, accurate to a few units in the last place.</summary>
    /// <param name="value">A normal number above 0.</param>
    public static double Of(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & MantissaBits) | One);
        if (mantissa > SqrtTwo)
        {
            mantissa *= 0.5;
            exponent++;
        }

        // ln m = 2 artanh s with s = (m - 1) / (m + 1), whose series in s squared (at most 0.0295) is short.
        double s = (mantissa - 1) / (mantissa + 1);
        double square = s * s;
        double series = 1.0 / 21;
        series = series * square + 1.0 / 19;
        series = series * square + 1.0 / 17;
        series = series * square + 1.0 / 15;
        series = series * square + 1.0 / 13;
        series = series * square + 1.0 / 11;
        series = series * square + 1.0 / 9;
        series = series * square + 1.0 / 7;
        series = series * square + 1.0 / 5;
        series = series * square + 1.0 / 3;
        double small = s * square * series + s;
        return exponent * Ln2 + (small + small);
    }
}
