namespace Minions.Benchmarks.EndToEnd.Scenarios;

/// <summary>The texts that the target writes, prompts included. Safe for several threads.</summary>
internal sealed class ReferenceTexts(IReadOnlyList<int[]> texts)
{
    /// <summary>What follows a beginning; empty where no text begins so, or none goes on.</summary>
    public ReadOnlySpan<int> After(ReadOnlySpan<int> beginning)
    {
        foreach (int[] text in texts)
        {
            if (text.Length > beginning.Length && text.AsSpan().StartsWith(beginning))
                return text.AsSpan(beginning.Length);
        }

        return [];
    }
}
