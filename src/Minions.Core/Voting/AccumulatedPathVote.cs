using Minions.Core.Drafting;

namespace Minions.Core.Voting;

/// <summary>
/// Weighs whole paths instead of steps: of all proposals it takes the one whose nodes weigh most together, a node weighing what
/// <see cref="WeightedMajorityVote"/> gives it. A node's weight being a measure of the target's accepting the path down to it, the sum is one
/// of how many ids it will accept. Of equally heavy paths the earliest draft's wins.
/// </summary>
/// <remarks>
/// It differs from a descent where the heaviest first step leads to a weak path. A longer proposal can only weigh more than its own
/// beginning, so the result is always the whole proposal of one draft.
/// </remarks>
public sealed class AccumulatedPathVote : IVotingPolicy
{
    /// <inheritdoc cref="WeightedMajorityVote.UseConfidence"/>
    public bool UseConfidence { get; init; } = true;

    /// <inheritdoc/>
    public int Vote(in Ballot ballot, Span<int> chain)
    {
        ReadOnlySpan<Proposal> proposals = ballot.Proposals;
        Span<double> votes = stackalloc double[proposals.Length];
        double heaviest = 0;
        int chosen = -1;
        for (int i = 0; i < proposals.Length; i++)
        {
            ballot.Weights.CopyTo(votes);
            double weight = Weigh(proposals, proposals[i], votes);
            if (weight > heaviest)
                (heaviest, chosen) = (weight, i);
        }

        if (chosen < 0)
            return 0;

        proposals[chosen].Tokens.CopyTo(chain);
        return proposals[chosen].Count;
    }

    private double Weigh(ReadOnlySpan<Proposal> proposals, Proposal path, Span<double> votes)
    {
        double sum = 0;
        for (int depth = 0; depth < path.Count; depth++)
        {
            for (int i = 0; i < proposals.Length; i++)
            {
                if (votes[i] == 0)
                    continue;

                bool passes = proposals[i].Count > depth && proposals[i].Tokens[depth] == path.Tokens[depth];
                votes[i] = passes ? votes[i] * (UseConfidence ? PathConfidence.Of(proposals[i], depth) : 1) : 0;
                sum += votes[i];
            }
        }

        return sum;
    }
}
