namespace Minions.Core.Drafting;

/// <summary>What one draft is to do for one request.</summary>
/// <param name="Model">The draft's place in the pipeline's order.</param>
/// <param name="Draft">The draft's part in the request; receives the outcome.</param>
/// <param name="Context">The ids to continue; meaningless for pre-drafting, which goes on where it stands.</param>
/// <param name="Length">The most ids to propose.</param>
/// <param name="StopBelow">Where to stop early, see <see cref="DraftRequest.MinimumConfidence"/>.</param>
/// <param name="TokensToScore">How many of the context's last ids to score.</param>
/// <param name="IsPreDraft">Whether it is a step of pre-drafting, and no round.</param>
internal readonly record struct DraftJob(
    int Model, RequestDraft Draft, ReadOnlyMemory<int> Context, int Length, float StopBelow = 0, int TokensToScore = 0, bool IsPreDraft = false);
