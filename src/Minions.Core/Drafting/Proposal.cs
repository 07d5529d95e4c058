namespace Minions.Core.Drafting;

/// <summary>What one draft guesses in one round: a chain of ids, each with the probability the draft gave it.</summary>
/// <remarks>Reused from round to round; used by one thread at a time.</remarks>
public sealed class Proposal
{
    // A softmax in single precision ends so little above 1 even over the widest vocabularies.
    private const float MostRounding = 1e-3f;

    private int[] _tokens;
    private float[] _probabilities;

    /// <summary>Makes an empty proposal.</summary>
    /// <param name="capacity">The number of ids it can hold before it grows. Default 16.</param>
    public Proposal(int capacity = 16)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _tokens = new int[capacity];
        _probabilities = new float[capacity];
    }

    /// <summary>The number of ids proposed.</summary>
    public int Count { get; private set; }

    /// <summary>The ids proposed, the next one first.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>For each id the draft's own probability of it in [0, 1], or <see cref="float.NaN"/> where the draft has none.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities.AsSpan(0, Count);

    /// <summary>Appends an id.</summary>
    /// <param name="token">The id.</param>
    /// <param name="probability">
    /// The draft's own probability of it in [0, 1], or <see cref="float.NaN"/> (the default) when unknown. What rounding adds to 1 is cut off.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="probability"/> is below 0 or above 1. A draft that lets it through is left out of the vote for some rounds.
    /// </exception>
    public void Add(int token, float probability = float.NaN)
    {
        if (probability is < 0 or > 1 + MostRounding)
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability must lie in [0, 1], or be NaN where it is unknown.");
        if (Count == _tokens.Length)
            Grow();
        _tokens[Count] = token;
        _probabilities[Count++] = Math.Min(probability, 1);
    }

    /// <summary>Removes everything.</summary>
    public void Clear() => Count = 0;

    /// <summary>Puts ids of another proposal before its own.</summary>
    internal void Prepend(Proposal other, int from, int count)
    {
        while (_tokens.Length < Count + count)
            Grow();
        _tokens.AsSpan(0, Count).CopyTo(_tokens.AsSpan(count));
        _probabilities.AsSpan(0, Count).CopyTo(_probabilities.AsSpan(count));
        other.Tokens.Slice(from, count).CopyTo(_tokens);
        other.Probabilities.Slice(from, count).CopyTo(_probabilities);
        Count += count;
    }

    /// <summary>Keeps nothing behind the id with which the product of the probabilities falls below a minimum.</summary>
    internal void StopBelow(float minimumConfidence)
    {
        float confidence = 1;
        for (int i = 0; i < Count; i++)
        {
            confidence *= _probabilities[i];
            if (confidence < minimumConfidence)
                Count = i + 1;
        }
    }

    /// <summary>Keeps no more than the first <paramref name="length"/> ids, and none from the first on that is no id of the vocabulary.</summary>
    internal void Trim(int length, int vocabularySize)
    {
        Count = Math.Min(Count, length);
        int strange = Tokens.IndexOfAnyExceptInRange(0, vocabularySize - 1);
        Count = strange < 0 ? Count : strange;
    }

    private void Grow()
    {
        Array.Resize(ref _tokens, _tokens.Length * 2);
        Array.Resize(ref _probabilities, _probabilities.Length * 2);
    }
}
