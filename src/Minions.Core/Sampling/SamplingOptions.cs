using System.Collections.ObjectModel;

namespace Minions.Core.Sampling;

/// <summary>
/// How the target's ids are chosen. Immutable; the defaults are greedy. With the same seed the text is the same whatever drafts, vote and
/// speculation length do.
/// </summary>
/// <remarks>
/// What is set applies in this order to every row of logits, the drafts' included: penalties, bias, the user's own processors, temperature,
/// top-k, top-p, min-p.
/// </remarks>
public sealed record SamplingOptions
{
    /// <summary>Always the id with the largest logit. The default of a request.</summary>
    public static SamplingOptions Greedy { get; } = new();

    /// <summary>
    /// What the logits are divided by: 0 takes the largest (greedy), 1 draws from the model's own distribution. Finite, at least 0; default 0.
    /// At 0 no noise and no truncation apply; penalties, bias and processors do.
    /// </summary>
    public double Temperature { get; init; }

    /// <summary>Only the most likely ids, so many of them, can be chosen; of equal ones the lowest ids. 0, the default, is off.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// Only the most likely ids that together reach this probability can be chosen, the one that reaches it included; measured on what
    /// top-k left. In (0, 1]; 1, the default, is off.
    /// </summary>
    public double TopP { get; init; } = 1;

    /// <summary>Only ids at least this many times as likely as the most likely one can be chosen. In [0, 1); 0, the default, is off.</summary>
    public double MinP { get; init; }

    /// <summary>
    /// Logits of ids that occur in prompt or output are divided by it where positive, multiplied where negative (CTRL, arXiv 1909.05858).
    /// Above 0; 1, the default, is off.
    /// </summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted from the logits of ids that occur in the output. Finite; 0, the default, is off.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>Subtracted from an id's logit once for each time it occurs in the output. Finite; 0, the default, is off.</summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>
    /// Added to the logits of single ids of the target's vocabulary; negative infinity forbids an id. Numbers below positive infinity;
    /// default: none. The dictionary is copied.
    /// </summary>
    public IReadOnlyDictionary<int, float> LogitBias
    {
        get;
        init => field = value is null ? null! : new ReadOnlyDictionary<int, float>(new Dictionary<int, float>(value));
    }
    = ReadOnlyDictionary<int, float>.Empty;

    /// <summary>
    /// What the noise is made of. Default (<see langword="null"/>): drawn anew for each request and reported in
    /// <see cref="Generation.GenerationResult.Seed"/>. Without effect at temperature 0.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>The user's own processors, applied in their order. Default: none. The list is copied.</summary>
    public IReadOnlyList<ILogitsProcessor> LogitsProcessors { get; init => field = value is null ? null! : [.. value]; } = [];

    internal bool IsGreedy => Temperature == 0;

    /// <summary>Refuses values no request can mean.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal void Validate()
    {
        Check(Temperature >= 0 && double.IsFinite(Temperature), Temperature, nameof(Temperature), "must be a finite number of at least 0; 0 is greedy");
        Check(TopK >= 0, TopK, nameof(TopK), "must be at least 0; 0 turns it off");
        Check(TopP is > 0 and <= 1, TopP, nameof(TopP), "must lie in (0, 1]; 1 turns it off");
        Check(MinP is >= 0 and < 1, MinP, nameof(MinP), "must lie in [0, 1); 0 turns it off");
        Check(RepetitionPenalty > 0 && double.IsFinite(RepetitionPenalty), RepetitionPenalty, nameof(RepetitionPenalty), "must be a finite number above 0; 1 turns it off");
        Check(double.IsFinite(PresencePenalty), PresencePenalty, nameof(PresencePenalty), "must be a finite number; 0 turns it off");
        Check(double.IsFinite(FrequencyPenalty), FrequencyPenalty, nameof(FrequencyPenalty), "must be a finite number; 0 turns it off");
        if (LogitBias is null)
            throw new ArgumentNullException(nameof(LogitBias), "The logit bias must not be null; leave it empty for none.");
        if (LogitsProcessors is null)
            throw new ArgumentNullException(nameof(LogitsProcessors), "The list of logits processors must not be null; leave it empty for none.");

        foreach ((int id, float bias) in LogitBias)
            Check(bias < float.PositiveInfinity, bias, nameof(LogitBias), $"must be a number below infinity for every id, but it is {bias} for id {id}");
        for (int i = 0; i < LogitsProcessors.Count; i++)
        {
            if (LogitsProcessors[i] is null)
                throw new ArgumentException($"Logits processor {i} is null. Remove it.", nameof(LogitsProcessors));
        }
    }

    /// <summary>Refuses a bias for ids that the target does not have.</summary>
    /// <exception cref="ArgumentException">An id is outside of the vocabulary; the message names it.</exception>
    internal void ValidateVocabulary(int vocabularySize)
    {
        foreach (int id in LogitBias.Keys)
        {
            if (id < 0 || id >= vocabularySize)
                throw new ArgumentException($"Id {id} of the logit bias is not in the target's vocabulary of {vocabularySize}.");
        }
    }

    private static void Check(bool isGood, object value, string name, string rule)
    {
        if (!isGood)
            throw new ArgumentOutOfRangeException(name, value, $"{name} {rule}.");
    }
}
