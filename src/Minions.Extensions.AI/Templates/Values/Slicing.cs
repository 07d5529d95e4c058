using System.Numerics;

namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Python's indexes and slices: negative positions count from the end, slices are clipped to what is there.</summary>
internal static class Slicing
{
    /// <summary>The position that an index means, or <see langword="null"/> where there is none.</summary>
    public static int? IndexIn(IntValue position, int length)
    {
        BigInteger index = position.Number.Sign < 0 ? position.Number + length : position.Number;
        return index.Sign >= 0 && index < length ? (int)index : null;
    }

    /// <summary>Takes a slice.</summary>
    public static Value Slice(Value value, Value start, Value stop, Value step, RenderRun run)
    {
        if (value is UndefinedValue undefined)
            throw undefined.Fault();
        if (value is not (StringValue or ListValue or RangeValue))
        {
            throw TemplateFault.Type(value is DictValue
                ? "unhashable type: 'slice'"
                : $"'{value.TypeName}' object is not subscriptable");
        }

        int length = value.RequireLength();
        int stride = Stride(step, length);
        int first = Bound(start, length, stride, stride > 0 ? 0 : length - 1);
        int end = Bound(stop, length, stride, stride > 0 ? length : -1);
        int count = stride > 0 ? (Math.Max(end - first, 0) + stride - 1) / stride : (Math.Max(first - end, 0) - stride - 1) / -stride;
        switch (value)
        {
            case StringValue text:
                return Slice(text, first, stride, count, run);
            case ListValue list:
                run.ChargeItems(count);
                return list.Pick(first, stride, count);
            default:
                return ((RangeValue)value).Pick(first, stride, end);
        }
    }

    private static StringValue Slice(StringValue text, int first, int stride, int count, RenderRun run)
    {
        if (stride == 1 || count == 0)
        {
            int start = count == 0 ? 0 : text.UnitOf(first);
            return text.Part(start, count == 0 ? 0 : text.UnitOf(first + count) - start, run);
        }

        var builder = new TextBuilder(run);
        for (int index = 0; index < count; index++)
        {
            int start = text.UnitOf(first + (index * stride));
            builder.Append(text, start, text.UnitOf(first + (index * stride) + 1) - start);
        }

        return builder.ToValue(text.IsMarkup);
    }

    private static int Stride(Value step, int length)
    {
        if (step is NoneValue)
            return 1;

        BigInteger number = Integer(step);
        if (number.IsZero)
            throw TemplateFault.Value("slice step cannot be zero");
        return (int)BigInteger.Clamp(number, -(length + 1), length + 1);
    }

    private static int Bound(Value bound, int length, int stride, int absent)
    {
        if (bound is NoneValue)
            return absent;

        BigInteger number = Integer(bound);
        if (number.Sign < 0)
            number += length;
        return (int)(stride > 0 ? BigInteger.Clamp(number, 0, length) : BigInteger.Clamp(number, -1, length - 1));
    }

    private static BigInteger Integer(Value bound) => bound is IntValue integer
        ? integer.Number
        : throw TemplateFault.Type("slice indices must be integers or None or have an __index__ method");
}
