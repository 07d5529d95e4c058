using System.ComponentModel.DataAnnotations;

namespace Minions.Core.Pipeline;

/// <summary>How a pipeline runs. Speed and memory depend on it, texts do not.</summary>
public sealed class PipelineOptions
{
    /// <summary>
    /// The most requests in work at once; each holds a KV cache of the target and of every draft. Further calls wait their turn without
    /// blocking a thread. 1 to 1024, default 16.
    /// </summary>
    [Range(1, 1024)]
    public int MaxConcurrentRequests { get; set; } = 16;

    /// <summary>
    /// The threads that drafts run on side by side, 1 to 64. Default (<see langword="null"/>): one a draft, but no more than the machine has
    /// processors.
    /// </summary>
    [Range(1, 64)]
    public int? DraftThreads { get; set; }

    /// <summary>The least speculation length a round may have, 0 to 64, default 0. The end of a request still cuts rounds shorter.</summary>
    [Range(0, Generation.GenerationOptions.MaximumSpeculationLength)]
    public int MinSpeculationLength { get; set; }

    /// <summary>The greatest speculation length a round may have, 0 to 64 and not below the least, default 16.</summary>
    [Range(0, Generation.GenerationOptions.MaximumSpeculationLength)]
    public int MaxSpeculationLength { get; set; } = 16;

    internal void Validate()
    {
        Check(MaxConcurrentRequests, 1, 1024, nameof(MaxConcurrentRequests));
        Check(DraftThreads ?? 1, 1, 64, nameof(DraftThreads));
        Check(MinSpeculationLength, 0, Generation.GenerationOptions.MaximumSpeculationLength, nameof(MinSpeculationLength));
        Check(MaxSpeculationLength, MinSpeculationLength, Generation.GenerationOptions.MaximumSpeculationLength, nameof(MaxSpeculationLength));
    }

    private static void Check(int value, int least, int greatest, string name)
    {
        if (value < least || value > greatest)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must lie between {least} and {greatest}.");
    }
}
