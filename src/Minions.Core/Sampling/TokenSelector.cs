using System.Numerics.Tensors;

namespace Minions.Core.Sampling;

/// <summary>
/// Chooses an id from a row of logits: one rule for the target and for every draft of a request. The choice is a pure function of
/// position, prefix and logits, which is what makes speculation exact: no draft, vote or length can change it.
/// </summary>
/// <remarks>Immutable and safe to use from several threads at once.</remarks>
public sealed class TokenSelector
{
    private TokenSelector()
    {
    }

    /// <summary>Always the id with the largest logit; of equal ones the lowest id.</summary>
    public static TokenSelector Greedy { get; } = new();

    /// <summary>Chooses the id at a position.</summary>
    /// <param name="position">The absolute index of the id to choose: the number of ids in <paramref name="prefix"/>.</param>
    /// <param name="prefix">All ids before it, prompt and output.</param>
    /// <param name="logits">One logit for each id of the vocabulary.</param>
    /// <returns>The chosen id.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="logits"/> is empty or holds a value that is not a number, or the prefix does not end at the position.
    /// </exception>
    public int Select(int position, ReadOnlySpan<int> prefix, ReadOnlySpan<float> logits)
    {
        if (prefix.Length != position)
            throw new ArgumentException($"The prefix holds {prefix.Length} ids, but the id to choose stands at {position}.", nameof(prefix));

        int choice = TensorPrimitives.IndexOfMax(logits);
        if (choice < 0)
            throw new ArgumentException("A row of logits is empty.", nameof(logits));
        if (float.IsNaN(logits[choice]))
            throw new ArgumentException($"The logit of id {choice} at position {position} is not a number: the model's output is unusable.", nameof(logits));

        return choice;
    }

    /// <summary>Chooses like <see cref="Select(int, ReadOnlySpan{int}, ReadOnlySpan{float})"/> and tells how likely the model holds the choice.</summary>
    /// <param name="position">The absolute index of the id to choose.</param>
    /// <param name="prefix">All ids before it, prompt and output.</param>
    /// <param name="logits">One logit for each id of the vocabulary.</param>
    /// <param name="probability">The softmax of the logits at the choice, in (0, 1].</param>
    /// <returns>The chosen id.</returns>
    public int Select(int position, ReadOnlySpan<int> prefix, ReadOnlySpan<float> logits, out float probability)
    {
        int choice = Select(position, prefix, logits);
        probability = 1 / SumOfExponentials(logits, logits[choice]);
        return choice;
    }

    private static float SumOfExponentials(ReadOnlySpan<float> logits, float maximum)
    {
        Span<float> part = stackalloc float[1024];
        float sum = 0;
        for (int start = 0; start < logits.Length; start += part.Length)
        {
            ReadOnlySpan<float> source = logits[start..Math.Min(start + part.Length, logits.Length)];
            Span<float> exponentials = part[..source.Length];
            TensorPrimitives.Subtract(source, maximum, exponentials);
            TensorPrimitives.Exp(exponentials, exponentials);
            sum += TensorPrimitives.Sum<float>(exponentials);
        }

        return sum;
    }
}
