namespace Minions.Core.Pipeline;

/// <summary>What a check of a pipeline found whose target answered. Immutable.</summary>
public sealed class PipelineHealth
{
    internal PipelineHealth()
    {
    }

    /// <summary>
    /// The drafts whose newest call, of this check or of any request, failed or has not returned, in the pipeline's order. Texts are the same without
    /// them, and come slower.
    /// </summary>
    public required IReadOnlyList<string> LostDrafts { get; init; }

    /// <summary>How long the check took, other checks it waited for left out.</summary>
    public required TimeSpan Elapsed { get; init; }
}
