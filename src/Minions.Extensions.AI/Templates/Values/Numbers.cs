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

    /// <summary>The same number as an <c>int</c>, where it is a <c>bool</c>.</summary>
    public virtual IntValue Plain => this;

    public override bool IsTrue => !number.IsZero;

    /// <summary>A number that a template computed. A large one takes as much room as a text.</summary>
    public static IntValue Of(BigInteger number, RenderRun run)
    {
        if (number >= 0 && number <= Small.Length - 1)
            return Small[(int)number];

        long bits = number.GetBitLength();
        if (bits > 64)
            run.MakeText(bits / 16);
        return Constant(number);
    }

    public static IntValue Of(long number) => number >= 0 && number < Small.Length ? Small[number] : new IntValue(number);

    /// <summary>A number that a template is written with.</summary>
    public static IntValue Constant(BigInteger number) => new(Bounded(number));

    private static BigInteger Bounded(BigInteger number) =>
        number.GetBitLength() <= MaximumBits ? number : throw TemplateFault.Limit("an integer grows beyond 4300 digits");

    public static BigInteger Power(BigInteger value, BigInteger exponent, RenderRun run)
    {
        if (exponent * BigInteger.Max(1, value.GetBitLength() - 1) > 2 * MaximumBits && !value.IsOne && !value.IsZero && value != -1)
            throw TemplateFault.Limit("an integer grows beyond 4300 digits");
        if (value.IsOne || value.IsZero || value == -1)
            return exponent.IsZero ? 1 : value == -1 && exponent.IsEven ? 1 : value;

        long bits = value.GetBitLength() * (long)exponent;
        run.ChargeProduct(bits, bits);
        return BigInteger.Pow(value, (int)exponent);
    }

    public override void WriteRepr(TextBuilder builder, RenderRun run)
    {
        run.ChargeProduct(number.GetBitLength(), number.GetBitLength());
        builder.Append(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public override bool Equals(Value other, RenderRun run) => other switch
    {
        IntValue integer => number == integer.Number,
        FloatValue real => double.IsFinite(real.Number) && real.Number == Math.Floor(real.Number) && number == new BigInteger(real.Number),
        _ => false,
    };

    public override int Hash(RenderRun run) => number.GetHashCode();

    public override Value? Attribute(string name) => name switch
    {
        "real" or "numerator" => Plain,
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

    public override IntValue Plain => Of(IsTrue ? 1 : 0);

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

    public override bool Equals(Value other, RenderRun run) => other switch
    {
        FloatValue real => number == real.Number,
        IntValue => other.Equals(this, run),
        _ => false,
    };

    public override int Hash(RenderRun run) =>
        double.IsFinite(number) && number == Math.Floor(number) ? new BigInteger(number).GetHashCode() : number.GetHashCode();

    public override Value? Attribute(string name) => name switch
    {
        "real" => this,
        "imag" => new FloatValue(0),
        _ => null,
    };
}
