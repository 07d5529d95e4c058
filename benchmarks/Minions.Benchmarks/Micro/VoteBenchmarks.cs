using BenchmarkDotNet.Attributes;
using Minions.Core.Drafting;
using Minions.Core.Voting;

namespace Minions.Benchmarks.Micro;

/// <summary>The vote over three proposals of four ids that agree in part, as they mostly do.</summary>
[MemoryDiagnoser]
public class VoteBenchmarks
{
    private readonly WeightedMajorityVote _policy = new();
    private readonly Proposal[] _proposals = [Chain(11, 12, 13, 14), Chain(11, 12, 23, 24), Chain(31, 12, 13, 14)];
    private readonly double[] _weights = [0.6, 0.9, 0.5];
    private readonly int[] _chain = new int[4];

    [Benchmark]
    public int WeightedMajorityOfThree() => _policy.Vote(new Ballot(_proposals, _weights), _chain);

    private static Proposal Chain(params ReadOnlySpan<int> ids)
    {
        var proposal = new Proposal();
        foreach (int id in ids)
            proposal.Add(id);
        return proposal;
    }
}
