using Minions.Core.Drafting;

namespace Minions.Core.Voting;

/// <summary>
/// How sure a draft is of its own path: the product of the probabilities it gave the ids so far. A draft far from its own kind of text
/// spreads its probability and so speaks softly, from the first round on, before any weight could have learnt.
/// </summary>
internal static class PathConfidence
{
    /// <summary>What an id without a probability counts as: a coin's throw, so that drafts without any are equals.</summary>
    public const double Unknown = 0.5;

    // Keeps a vote above zero, so that a lone proposal wins whatever it holds of itself.
    private const double Least = 1e-4;

    /// <summary>The probability of one proposed id, in (0, 1].</summary>
    public static double Of(Proposal proposal, int depth)
    {
        float probability = proposal.Probabilities[depth];
        return float.IsNaN(probability) ? Unknown : Math.Clamp(probability, Least, 1);
    }
}
