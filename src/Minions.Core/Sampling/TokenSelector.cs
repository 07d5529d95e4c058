using System.Numerics;
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
    /// <param name="probability">The softmax of the logits at the choice, in (0, 1], to within 1e-4.</param>
    /// <returns>The chosen id.</returns>
    public int Select(int position, ReadOnlySpan<int> prefix, ReadOnlySpan<float> logits, out float probability)
    {
        int choice = Select(position, prefix, logits);
        probability = 1 / SumOfExponentials(logits, logits[choice]);
        return choice;
    }

    // Most of a vocabulary is far from the best: what lies below the horizon adds less than 1e-4 even if it were all of it.
    private static float SumOfExponentials(ReadOnlySpan<float> logits, float maximum)
    {
        const float Horizon = 20;
        var horizon = new Vector<float>(maximum - Horizon);
        var best = new Vector<float>(maximum);
        Vector<float> sums = Vector<float>.Zero;
        int i = 0;
        for (; i <= logits.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var part = new Vector<float>(logits[i..]);
            if (Vector.GreaterThanAny(part, horizon))
                sums += Vector.Exp(part - best);
        }

        float sum = Vector.Sum(sums);
        for (; i < logits.Length; i++)
            sum += MathF.Exp(logits[i] - maximum);
        return sum;
    }
}
