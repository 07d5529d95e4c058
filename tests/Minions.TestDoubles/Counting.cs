namespace Minions.TestDoubles;

/// <summary>Models of a text that counts: behind id n stands n + 1, and the vocabulary's first id behind its last.</summary>
public static class Counting
{
    public const int Vocabulary = 512;
    public const int ContextLength = 512;

    public static TabularTarget Target() => new(By(1), Vocabulary, ContextLength);

    /// <param name="name">Its name.</param>
    /// <param name="step">By how much it counts; the target does by 1.</param>
    public static TabularDraft Draft(string name = "counting", int step = 1) => new(name, By(step), ContextLength);

    /// <summary>The id behind a prefix when counting by a step.</summary>
    public static Func<ReadOnlySpan<int>, int> By(int step, int vocabulary = Vocabulary) => prefix => (prefix[^1] + step) % vocabulary;
}
