namespace Minions.Core.Generation;

/// <summary>One id of the output as it is streamed.</summary>
public readonly record struct GeneratedToken
{
    /// <summary>The id.</summary>
    public required int Id { get; init; }

    /// <summary>
    /// The text that became certain with this id. Empty for special tokens, unless they are asked for (<see cref="GenerationOptions.SkipSpecialTokens"/>), and inside a character of several ids; the pieces put together are
    /// the result's text.
    /// </summary>
    public required string Text { get => field ?? string.Empty; init; }

    /// <summary>The position in the output, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>
    /// The names of the drafts whose proposal held this id here and whose chain was checked up to it; behind a voted chain, of the draft that went on
    /// there (<see cref="IDraftModel.ContinuesChains"/>). An empty list when it is no draft's (plain decoding and its guesses, a correction after a rejection, the bonus after a fully accepted chain).
    /// </summary>
    public required IReadOnlyList<string> ProposedBy { get => field ?? []; init; }

    /// <summary>
    /// How likely the target held the id and others in its place, or <see langword="null"/> where the request does not ask for it
    /// (<see cref="GenerationOptions.LogProbabilities"/>).
    /// </summary>
    public TokenLogProbabilities? LogProbabilities { get; init; }

    /// <summary>Whether the id was the target's own, proposed by no draft on the checked chain.</summary>
    public bool IsFromTarget => ProposedBy.Count == 0;
}
