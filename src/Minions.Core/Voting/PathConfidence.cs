using Minions.Core.Drafting;

namespace Minions.Core.Voting;

/// <summary>
/// How much a draft's own probability of its path counts: the product over the ids so far of the square roots of the probabilities it gave
/// them. A draft far from its own kind of text spreads its probability and so speaks softly, from the first round on, before any weight could
/// have learnt.
/// </summary>
/// <remarks>
/// The square root stands half-way between the mixture of the drafts (the probabilities themselves) and the paper's vote (none). In greedy text
/// it makes no difference; in sampled text an unlikely id is often the noise's choice, which target and drafts share, and no sign of doubt:
/// on the family of test models at temperature 0.8 and length 4 it gives 2.61 ids a target run where the probabilities give 2.58 and none
/// 2.60, at length 8 3.02, 2.97 and less.
/// </remarks>
internal static class PathConfidence
{
    /// <summary>What an id without a probability counts as: a coin's throw, so that drafts without any are equals.</summary>
    public const double Unknown = 0.5;

    // Keeps a vote above zero, so that a lone proposal wins whatever it holds of itself.
    private const double Least = 1e-4;

    /// <summary>The factor of one proposed id, in (0, 1].</summary>
    public static double Of(Proposal proposal, int depth)
    {
        float probability = proposal.Probabilities[depth];
        return Math.Sqrt(float.IsNaN(probability) ? Unknown : Math.Clamp(probability, Least, 1));
    }
}
