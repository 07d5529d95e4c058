using System.Globalization;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>One of GenAI's own ways to decode; plain where nothing else is said.</summary>
internal sealed record GenAIDecoding
{
    /// <summary>The n-gram size of an arm that names none, one of the two that GenAI's documentation says to start with.</summary>
    public const int DefaultNgramSize = 3;

    /// <summary>The start and floor of the adaptive length, as GenAI's documentation recommends.</summary>
    public const int AdaptiveFloor = 2;

    private const int GreatestLength = 16;
    private const int LeastNgramSize = 2;
    private const int GreatestNgramSize = 16;

    /// <summary>GenAI's plain decoding.</summary>
    public static GenAIDecoding Plain { get; } = new();

    /// <summary>The name of its draft, or <see langword="null"/> for none.</summary>
    public string? Draft { get; init; }

    /// <summary>How many ids are proposed, or <see langword="null"/> where that is GenAI's to say.</summary>
    public int? Length { get; init; }

    /// <summary>The size of n-grams that are looked up: ids that have to match, and one more. <see langword="null"/> for no lookup.</summary>
    public int? NgramSize { get; init; }

    /// <summary>Whether the length adapts.</summary>
    public bool IsAdaptive => Draft is not null && Length is null;

    /// <summary>Whether anything is proposed.</summary>
    public bool Speculates => Draft is not null || NgramSize is not null;

    /// <summary>A draft with a fixed length.</summary>
    /// <param name="arm">The arm as typed, for messages.</param>
    /// <param name="typed">The draft's name, a colon and the length.</param>
    /// <exception cref="BadInputException">There is no length, or it is out of range.</exception>
    public static GenAIDecoding Fixed(string arm, string typed)
    {
        int colon = typed.LastIndexOf(':');
        return colon < 0
            ? throw new BadInputException($"--arms: '{arm}': the length is missing, as in 'genai:{typed}:3'.")
            : new GenAIDecoding { Draft = typed[..colon], Length = Number(arm, typed[(colon + 1)..], 1, GreatestLength) };
    }

    /// <summary>A draft with a length that adapts.</summary>
    /// <param name="typed">The draft's name.</param>
    public static GenAIDecoding Adaptive(string typed) => new() { Draft = typed };

    /// <summary>N-gram lookup with a fixed length.</summary>
    /// <param name="arm">The arm as typed, for messages.</param>
    /// <param name="typed">The length; behind a colon the n-gram size.</param>
    /// <exception cref="BadInputException">A number is out of range.</exception>
    public static GenAIDecoding Ngram(string arm, string typed)
    {
        string[] numbers = typed.Split(':', 2);
        return new GenAIDecoding
        {
            Length = Number(arm, numbers[0], 1, GreatestLength),
            NgramSize = numbers.Length == 1 ? DefaultNgramSize : Number(arm, numbers[1], LeastNgramSize, GreatestNgramSize),
        };
    }

    /// <summary>Sets all that a configuration file could say otherwise.</summary>
    public void Apply(GeneratorParams parameters)
    {
        parameters.SetSpeculativeNumber("ngram_size", NgramSize ?? 0);
        parameters.SetSpeculativeBool("ngram_chained_lookup", NgramSize is not null);
        parameters.SetSpeculativeNumber("min_adaptive_k", IsAdaptive ? AdaptiveFloor : 0);
        parameters.SetSpeculativeBool("cooldown", false);
        if (Length is { } length)
            parameters.SetSpeculativeNumber("max_draft_tokens", length);
    }

    private static int Number(string arm, string typed, int least, int greatest) =>
        int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= greatest
            ? number
            : throw new BadInputException($"--arms: '{arm}': '{typed}' is not a whole number from {least} to {greatest}.");
}
