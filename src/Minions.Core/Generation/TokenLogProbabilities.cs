namespace Minions.Core.Generation;

/// <summary>How likely the target held the id at a position, and the ids that it held likeliest there.</summary>
/// <remarks>
/// Of the target's own distribution: the softmax of its logits as they are, before penalties, bias, processors, temperature and truncation. They do not
/// depend on speculation: drafts have no part in them.
/// </remarks>
public sealed record TokenLogProbabilities
{
    /// <summary>The natural logarithm of the chosen id's probability, to within 1e-4: at most 0, negative infinity where the target excludes the id.</summary>
    public required double Chosen { get; init; }

    /// <summary>
    /// The likeliest ids, the likeliest first and of equals the lower id: as many as <see cref="GenerationOptions.LogProbabilities"/> asks for, fewer where
    /// the target excludes all others. The chosen id is among them where it is as likely.
    /// </summary>
    public required IReadOnlyList<TokenLogProbability> Likeliest { get; init; }
}

/// <summary>An id and how likely it was.</summary>
/// <param name="Id">The id.</param>
/// <param name="LogProbability">The natural logarithm of its probability, to within 1e-4.</param>
public readonly record struct TokenLogProbability(int Id, double LogProbability);
