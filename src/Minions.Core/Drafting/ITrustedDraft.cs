namespace Minions.Core.Drafting;

/// <summary>
/// Marks the library's own drafts. They look at their tokens between two runs, so a round waits for them without a limit, and they need no
/// thread that could be left behind.
/// </summary>
internal interface ITrustedDraft;
