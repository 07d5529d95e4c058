using Minions.Core.Voting;

namespace Minions.Core;

/// <summary>
/// Chooses, from what several drafts proposed, the one chain that the target checks (the majority-voted speculator of Minions,
/// arXiv 2402.15678, section 4.1).
/// </summary>
/// <remarks>
/// A policy is shared by all requests and must be safe to call from several threads at once; what differs from request to request (the
/// proposals and the drafts' weights) comes with the ballot. A vote changes speed, never text. A policy that throws fails the request
/// it voted for.
/// </remarks>
public interface IVotingPolicy
{
    /// <summary>Writes the chosen chain.</summary>
    /// <param name="ballot">The proposals of this round with the weight of each.</param>
    /// <param name="chain">
    /// Receives the chain from its first id on; as long as the longest proposal. The chain must be a prefix of at least one proposal:
    /// anything else is refused with an <see cref="InvalidOperationException"/> that names the policy.
    /// </param>
    /// <returns>The number of ids written, 0 to the length of <paramref name="chain"/>; 0 lets the target decode plainly.</returns>
    int Vote(in Ballot ballot, Span<int> chain);
}
