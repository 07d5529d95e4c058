using Minions.Core.Drafting;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.Tests.DependencyInjection;

/// <summary>A policy that takes the first proposal, and counts its votes and its end.</summary>
internal sealed class FirstProposalVote : IVotingPolicy, IDisposable
{
    public int Votes { get; private set; }

    public bool IsDisposed { get; private set; }

    public int Vote(in Ballot ballot, Span<int> chain)
    {
        Votes++;
        Proposal first = ballot.Proposals[0];
        first.Tokens.CopyTo(chain);
        return first.Count;
    }

    public void Dispose() => IsDisposed = true;
}

/// <summary>A controller that wants five ids a round.</summary>
internal sealed class FiveAhead : ISpeculationLengthController
{
    public int Requests { get; private set; }

    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits)
    {
        Requests++;
        return new FixedSpeculationLength(5).OpenRequest(limits);
    }
}
