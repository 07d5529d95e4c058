using System.Numerics;

namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Python's numbers. A <c>bool</c> is an <c>int</c>.</summary>
internal abstract class NumberValue : Value
{
    public abstract double AsDouble { get; }

    public override bool IsTrue => AsDouble != 0;
}

/// <summary>Python's <c>int</c>, of any size up to the digits that Python prints.</summary>
internal class IntValue(BigInteger number) : NumberValue
{
    // Python does not print more than 4300 digits; this many bits are as many.
    private const int MaximumBits = 14_284;

    private static readonly IntValue[] Small = [.. Enumerable.Range(0, 257).Select(number => new IntValue(number))];

    public BigInteger Number => number;

    public override string TypeName => "int";

    public override double AsDouble => (double)number;

    public override bool IsTrue => !number.IsZero;

    public static IntValue Of(BigInteger number) => number >= 0 && number <= 256 ? Small[(int)number] : new IntValue(Bounded(number));

    public static IntValue Of(int number) => number is >= 0 and <= 256 ? Small[number] : new IntValue(number);

    public static BigInteger Bounded(BigInteger number) =>
        number.GetBitLength() <= MaximumBits ? number : throw TemplateFault.Limit("an integer grows beyond 4300 digits");

    public static BigInteger Power(BigInteger value, BigInteger exponent)
    {
        if (exponent * BigInteger.Max(1, value.GetBitLength() - 1) > 2 * MaximumBits && !value.IsOne && !value.IsZero && value != -1)
            throw TemplateFault.Limit("an integer grows beyond 4300 digits");
        return value.IsOne || value.IsZero || value == -1
            ? (exponent.IsZero ? 1 : value == -1 && exponent.IsEven ? 1 : value)
            : BigInteger.Pow(value, (int)exponent);
    }

    public override void WriteRepr(TextBuilder builder, RenderRun run) => builder.Append(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public override bool Equals(Value other) => other switch
    {
        IntValue integer => number == integer.Number,
        FloatValue real => double.IsFinite(real.Number) && real.Number == Math.Floor(real.Number) && number == new BigInteger(real.Number),
        _ => false,
    };

    public override int Hash() => number.GetHashCode();

    public override Value? Attribute(string name) => name switch
    {
        "real" or "numerator" => Of(number),
        "imag" => Of(0),
        "denominator" => Of(1),
        _ => null,
    };
}

/// <summary>Python's <c>bool</c>.</summary>
internal sealed class BoolValue : IntValue
{
    private BoolValue(bool value)
        : base(value ? 1 : 0) => IsTrue = value;

    public static BoolValue True { get; } = new(true);

    public static BoolValue False { get; } = new(false);

    public override string TypeName => "bool";

    public override bool IsTrue { get; }

    public static BoolValue Of(bool value) => value ? True : False;

    public override void WriteRepr(TextBuilder builder, RenderRun run) => builder.Append(IsTrue ? "True" : "False");
}

/// <summary>Python's <c>float</c>.</summary>
internal sealed class FloatValue(double number) : NumberValue
{
    public double Number => number;

    public override string TypeName => "float";

    public override double AsDouble => number;

    public override void WriteRepr(TextBuilder builder, RenderRun run) => builder.Append(FloatText.Repr(number));

    public override bool Equals(Value other) => other switch
    {
        FloatValue real => number == real.Number,
        IntValue => other.Equals(this),
        _ => false,
    };

    public override int Hash() =>
        double.IsFinite(number) && number == Math.Floor(number) ? new BigInteger(number).GetHashCode() : number.GetHashCode();

    public override Value? Attribute(string name) => name switch
    {
        "real" => this,
        "imag" => new FloatValue(0),
        _ => null,
    };
}
