namespace Minions.Core.Generation;

/// <summary>One id of the output as it is streamed.</summary>
/// <param name="Id">The id.</param>
/// <param name="Text">
/// The text that became certain with this id. Empty for special tokens and inside a character of several ids; the pieces put together are
/// the result's text.
/// </param>
/// <param name="Index">The position in the output, from 0.</param>
/// <param name="ProposedBy">
/// The names of the drafts whose proposal held this id here and whose chain was checked up to it, or an empty list when it is no draft's (plain decoding and its
/// guesses, a correction after a rejection, the bonus after a fully accepted chain).
/// </param>
public readonly record struct GeneratedToken(int Id, string Text, int Index, IReadOnlyList<string> ProposedBy)
{
    /// <summary>Whether the id was the target's own, proposed by no draft on the checked chain.</summary>
    public bool IsTargetOwn => ProposedBy.Count == 0;
}
