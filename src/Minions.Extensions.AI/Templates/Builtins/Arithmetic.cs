using System.Numerics;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Python's arithmetic, with what the operators mean for strings and lists.</summary>
internal static class Arithmetic
{
    public static Value Add(Value left, Value right, RenderRun run)
    {
        switch (left, right)
        {
            case (IntValue one, IntValue other):
                return IntValue.Of(one.Number + other.Number, run);
            case (NumberValue one, NumberValue other):
                return new FloatValue(one.AsDouble + other.AsDouble);
            case (StringValue one, StringValue other):
                return Concatenate(one, other, run);
            case (ListValue one, ListValue other) when one is TupleValue == other is TupleValue:
                run.ChargeItems(one.Elements.Count + other.Elements.Count);
                Value[] items = [.. one.Elements, .. other.Elements];
                return one is TupleValue ? new TupleValue(items) : new ListValue(items);
        }

        ThrowIfUndefined(left, right);
        throw TemplateFault.Type(left switch
        {
            StringValue => $"can only concatenate str (not \"{right.TypeName}\") to str",
            TupleValue => $"can only concatenate tuple (not \"{right.TypeName}\") to tuple",
            ListValue => $"can only concatenate list (not \"{right.TypeName}\") to list",
            _ => Unsupported("+", left, right),
        });
    }

    public static Value Subtract(Value left, Value right, RenderRun run) => (left, right) switch
    {
        (IntValue one, IntValue other) => IntValue.Of(one.Number - other.Number, run),
        (NumberValue one, NumberValue other) => new FloatValue(one.AsDouble - other.AsDouble),
        _ => throw Fault("-", left, right),
    };

    public static Value Multiply(Value left, Value right, RenderRun run)
    {
        switch (left, right)
        {
            case (IntValue one, IntValue other):
                ChargeProduct(one, other, run);
                return IntValue.Of(one.Number * other.Number, run);
            case (NumberValue one, NumberValue other):
                return new FloatValue(one.AsDouble * other.AsDouble);
            case (StringValue or ListValue, IntValue count):
                return Repeat(left, count.Number, run);
            case (IntValue count, StringValue or ListValue):
                return Repeat(right, count.Number, run);
        }

        ThrowIfUndefined(left, right);
        if (left is StringValue or ListValue)
            throw TemplateFault.Type($"can't multiply sequence by non-int of type '{right.TypeName}'");
        if (right is StringValue or ListValue)
            throw TemplateFault.Type($"can't multiply sequence by non-int of type '{left.TypeName}'");
        throw Fault("*", left, right);
    }

    public static Value Divide(Value left, Value right)
    {
        if (left is not NumberValue one || right is not NumberValue other)
            throw Fault("/", left, right);
        if (!other.IsTrue)
            throw TemplateFault.Value(left is IntValue && right is IntValue ? "division by zero" : "float division by zero");
        return new FloatValue(one.AsDouble / other.AsDouble);
    }

    public static Value FloorDivide(Value left, Value right, RenderRun run)
    {
        switch (left, right)
        {
            case (NumberValue, NumberValue { IsTrue: false }):
                throw TemplateFault.Value(left is IntValue && right is IntValue ? "integer division or modulo by zero" : "float floor division by zero");
            case (IntValue one, IntValue other):
                ChargeProduct(one, other, run);
                BigInteger quotient = BigInteger.DivRem(one.Number, other.Number, out BigInteger rest);
                return IntValue.Of(!rest.IsZero && rest.Sign != other.Number.Sign ? quotient - 1 : quotient, run);
            case (NumberValue one, NumberValue other):
                return new FloatValue(Math.Floor((one.AsDouble - Remainder(one.AsDouble, other.AsDouble)) / other.AsDouble + 0.5));
            default:
                throw Fault("//", left, right);
        }
    }

    public static Value Modulo(Value left, Value right, RenderRun run)
    {
        switch (left, right)
        {
            case (StringValue format, _):
                return PercentFormat.Apply(format, right, run);
            case (NumberValue, NumberValue { IsTrue: false }):
                throw TemplateFault.Value(left is IntValue && right is IntValue ? "integer division or modulo by zero" : "float modulo");
            case (IntValue one, IntValue other):
                ChargeProduct(one, other, run);
                BigInteger rest = BigInteger.Remainder(one.Number, other.Number);
                return IntValue.Of(!rest.IsZero && rest.Sign != other.Number.Sign ? rest + other.Number : rest, run);
            case (NumberValue one, NumberValue other):
                return new FloatValue(Remainder(one.AsDouble, other.AsDouble));
            default:
                throw Fault("%", left, right);
        }
    }

    public static Value Power(Value left, Value right, RenderRun run)
    {
        switch (left, right)
        {
            case (IntValue one, IntValue { Number.Sign: >= 0 } other):
                return IntValue.Of(IntValue.Power(one.Number, other.Number, run), run);
            case (NumberValue one, NumberValue other):
                if (!one.IsTrue && other.AsDouble < 0)
                    throw TemplateFault.Value("0.0 cannot be raised to a negative power");
                return new FloatValue(Math.Pow(one.AsDouble, other.AsDouble));
            default:
                throw Fault("** or pow()", left, right);
        }
    }

    public static Value Negate(Value value, RenderRun run) => value switch
    {
        IntValue integer => IntValue.Of(-integer.Number, run),
        FloatValue real => new FloatValue(-real.Number),
        UndefinedValue undefined => throw undefined.Fault(),
        _ => throw TemplateFault.Type($"bad operand type for unary -: '{value.TypeName}'"),
    };

    public static Value Plus(Value value) => value switch
    {
        IntValue integer => integer.Plain,
        FloatValue => value,
        UndefinedValue undefined => throw undefined.Fault(),
        _ => throw TemplateFault.Type($"bad operand type for unary +: '{value.TypeName}'"),
    };

    private static void ChargeProduct(IntValue one, IntValue other, RenderRun run) =>
        run.ChargeProduct(one.Number.GetBitLength(), other.Number.GetBitLength());

    private static StringValue Concatenate(StringValue one, StringValue other, RenderRun run)
    {
        if (one.IsMarkup == other.IsMarkup)
            return new TextBuilder(run).Append(one).Append(other).ToValue(one.IsMarkup);

        // MarkupSafe escapes whatever a safe text is put together with.
        return new TextBuilder(run).Append(HtmlText.Escape(one, run)).Append(HtmlText.Escape(other, run)).ToValue(isMarkup: true);
    }

    private static Value Repeat(Value sequence, BigInteger times, RenderRun run)
    {
        int count = (int)BigInteger.Clamp(times, 0, int.MaxValue);
        if (sequence is StringValue text)
            return text.Text.Length == 0 ? text : new TextBuilder(run).Repeat(text, count).ToValue(text.IsMarkup);

        var list = (ListValue)sequence;
        long length = (long)list.Elements.Count * count;
        run.ChargeItems(length);
        if (length > Array.MaxLength)
            throw TemplateFault.Limit($"a list grows longer than {Array.MaxLength} items");

        var items = new List<Value>((int)length);
        for (int index = 0; index < count && list.Elements.Count > 0; index++)
            items.AddRange(list.Elements);
        return list is TupleValue ? new TupleValue(items) : new ListValue(items);
    }

    // The remainder has the sign of the divisor.
    private static double Remainder(double one, double other)
    {
        double rest = one % other;
        if (rest != 0)
            return rest < 0 != other < 0 ? rest + other : rest;
        return Math.CopySign(0, other);
    }

    private static TemplateFault Fault(string operation, Value left, Value right)
    {
        ThrowIfUndefined(left, right);
        return TemplateFault.Type(Unsupported(operation, left, right));
    }

    private static string Unsupported(string operation, Value left, Value right) =>
        $"unsupported operand type(s) for {operation}: '{left.TypeName}' and '{right.TypeName}'";

    private static void ThrowIfUndefined(Value left, Value right)
    {
        if ((left as UndefinedValue ?? right as UndefinedValue) is { } undefined)
            throw undefined.Fault();
    }
}
