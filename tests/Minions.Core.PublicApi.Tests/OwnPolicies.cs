using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.PublicApi.Tests;

/// <summary>A policy from outside the library: the longest proposal wins, whatever the weights.</summary>
internal sealed class LongestProposal : IVotingPolicy
{
    public int Votes { get; private set; }

    public int Vote(in Ballot ballot, Span<int> chain)
    {
        Votes++;
        int winner = 0;
        for (int i = 1; i < ballot.Proposals.Length; i++)
            winner = ballot.Proposals[i].Count > ballot.Proposals[winner].Count ? i : winner;
        ballot.Proposals[winner].Tokens.CopyTo(chain);
        return ballot.Proposals[winner].Count;
    }
}

/// <summary>A controller from outside the library: one id more after each accepted chain, none after a rejection, then one again.</summary>
internal sealed class Daring : ISpeculationLengthController
{
    /// <summary>The length of each chain that was verified.</summary>
    public List<int> Chains { get; } = [];

    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => new Planner(this, limits);

    private sealed class Planner(Daring owner, SpeculationLimits limits) : ISpeculationLengthPlanner
    {
        private int _length = 1;

        public SpeculationPlan Plan(in RoundOutlook outlook) => new(Math.Clamp(_length, limits.Minimum, limits.Maximum));

        public void Observe(SpeculationRound round)
        {
            owner.Chains.Add(round.ChainLength);
            _length = round.ChainLength == 0 ? 1 : round.Accepted == round.ChainLength ? _length + 1 : 0;
        }
    }
}
