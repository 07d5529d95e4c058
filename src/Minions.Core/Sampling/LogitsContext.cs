namespace Minions.Core.Sampling;

/// <summary>The text before an id that is about to be chosen.</summary>
public readonly ref struct LogitsContext
{
    /// <summary>Makes the context of a row.</summary>
    /// <param name="prefix">All ids before the one to choose, prompt and output.</param>
    /// <param name="promptLength">How many of them are the prompt; at most all.</param>
    public LogitsContext(ReadOnlySpan<int> prefix, int promptLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(promptLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(promptLength, prefix.Length);
        Prefix = prefix;
        PromptLength = promptLength;
    }

    /// <summary>All ids before the one to choose, prompt and output; the last may be guesses that are not certain yet.</summary>
    public ReadOnlySpan<int> Prefix { get; }

    /// <summary>How many ids of the prefix are the prompt.</summary>
    public int PromptLength { get; }

    /// <summary>The ids of the prefix behind the prompt.</summary>
    public ReadOnlySpan<int> Output => Prefix[PromptLength..];

    /// <summary>The absolute index of the id to choose: the length of the prefix.</summary>
    public int Position => Prefix.Length;
}
