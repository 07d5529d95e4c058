namespace Minions.Core.Sampling;

/// <summary>What to do with a row whose largest logit is no finite number.</summary>
internal static class UnusableRow
{
    /// <summary>Positive infinity decides by itself; anything else is refused.</summary>
    /// <param name="position">The position of the id to choose.</param>
    /// <param name="raw">The row as the model gave it.</param>
    /// <param name="row">The row as it was processed.</param>
    /// <returns>The lowest id of positive infinity.</returns>
    /// <exception cref="ArgumentException">The model gave an unusable row.</exception>
    /// <exception cref="LogitsProcessorException">The row became unusable.</exception>
    public static int Decide(int position, ReadOnlySpan<float> raw, ReadOnlySpan<float> row)
    {
        if (row.IsEmpty)
            throw new ArgumentException("A row of logits is empty.", nameof(row));

        if (row.IndexOf(float.NaN) is >= 0 and int id)
        {
            string fault = $"The logit of id {id} at position {position} is not a number";
            throw raw.Contains(float.NaN)
                ? new ArgumentException($"{fault}: the model's output is unusable.", nameof(row))
                : new LogitsProcessorException($"{fault} after penalties, bias and processors.");
        }

        int certain = row.IndexOf(float.PositiveInfinity);
        if (certain < 0)
        {
            throw raw.IndexOfAnyExcept(float.NegativeInfinity) < 0
                ? new ArgumentException($"The logits of all ids at position {position} are negative infinity: the model's output is unusable.", nameof(row))
                : new LogitsProcessorException($"Bias and processors forbid every id at position {position}.");
        }

        return certain;
    }
}
