using System.ComponentModel.DataAnnotations;
using Minions.Core.Generation;

namespace Minions.Core.Drafting.Ngram;

/// <summary>How an <see cref="NgramDraft"/> guesses.</summary>
public sealed class NgramDraftOptions : IValidatableObject
{
    internal const int SmallestPool = 256;
    internal const int LargestPool = 1 << 26;

    /// <summary>The draft's name, unique within a pipeline. Default "ngram".</summary>
    [Required]
    public string Name { get; set; } = "ngram";

    /// <summary>
    /// How many ids at least must match an earlier place of the text before what followed there is proposed, 1 to 32, default 2. With 1
    /// it proposes almost always and is wrong in three of four guesses that rest on one id.
    /// </summary>
    [Range(1, SuffixIndex.LongestMatch)]
    public int MinMatchLength { get; set; } = 2;

    /// <summary>
    /// How many ids of finished outputs, the newest, are kept for matching: 0 (the default) for none, or 256 to 67108864, over all keys
    /// together. An output serves requests of its own <see cref="GenerationOptions.CacheKey"/> alone; requests without one share a key. It takes up
    /// to 36 bytes an id, helps where outputs resemble each other, and hurts slightly where they do not. When it is full, the outputs go that
    /// were added the longest ago, whoever's they are, in pieces of up to a quarter of the pool.
    /// </summary>
    /// <remarks>
    /// It never changes a text, but the speed of a request then tells something about earlier ones of its key. Give callers that must not
    /// learn of each other keys of their own. Cancelled and failed requests leave what they had written; prompts are not kept.
    /// </remarks>
    public int PoolCapacity { get; set; }

    /// <summary>
    /// Whether kept outputs serve requests of every key. Default <see langword="false"/>. Set it only where all callers may learn what others were
    /// answered: who guesses at a text can tell by the speed of the answer whether somebody was given it. Without effect where
    /// <see cref="PoolCapacity"/> is 0.
    /// </summary>
    public bool SharesPoolAcrossKeys { get; set; }

    /// <summary>
    /// How many observed guesses the expectation of being right is worth, 1 to 1000, default 16: low values make a proposal's probabilities
    /// follow the text at hand sooner, high ones make them steadier.
    /// </summary>
    [Range(1, 1000)]
    public int PriorStrength { get; set; } = 16;

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (PoolCapacity is not (0 or (>= SmallestPool and <= LargestPool)))
            yield return validationContext.Fault(nameof(PoolCapacity), $"is {PoolCapacity}, no size for a pool of finished outputs: take 0 for none, or {SmallestPool} to {LargestPool} ids");
    }
}
