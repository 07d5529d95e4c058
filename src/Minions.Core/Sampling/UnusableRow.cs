namespace Minions.Core.Sampling;

/// <summary>Says what is wrong with a row whose largest logit is no finite number.</summary>
internal static class UnusableRow
{
    /// <summary>Throws unless the largest logit is positive infinity, which decides the choice by itself.</summary>
    /// <param name="position">The position of the id to choose.</param>
    /// <param name="raw">The row as the model gave it.</param>
    /// <param name="row">The row as it was processed.</param>
    /// <param name="likeliest">The index of its maximum or of its first value that is not a number; negative for an empty row.</param>
    public static void Check(int position, ReadOnlySpan<float> raw, ReadOnlySpan<float> row, int likeliest)
    {
        if (likeliest < 0)
            throw new ArgumentException("A row of logits is empty.", nameof(row));

        if (float.IsNaN(row[likeliest]))
        {
            string fault = $"The logit of id {likeliest} at position {position} is not a number";
            throw float.IsNaN(raw[likeliest])
                ? new ArgumentException($"{fault}: the model's output is unusable.", nameof(row))
                : new LogitsProcessorException($"{fault} after penalties, bias and processors.");
        }

        if (float.IsNegativeInfinity(row[likeliest]))
        {
            throw raw.IndexOfAnyExcept(float.NegativeInfinity) < 0
                ? new ArgumentException($"The logits of all ids at position {position} are negative infinity: the model's output is unusable.", nameof(row))
                : new LogitsProcessorException($"Bias and processors forbid every id at position {position}.");
        }
    }
}
