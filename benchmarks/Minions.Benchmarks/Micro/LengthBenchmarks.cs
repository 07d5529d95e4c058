using BenchmarkDotNet.Attributes;
using Minions.Core;
using Minions.Core.SpeculationLength;

namespace Minions.Benchmarks.Micro;

/// <summary>A controller's whole part in a round: plan, look at the chain, learn. Three of five ids are accepted, as they mostly are.</summary>
[MemoryDiagnoser]
public class LengthBenchmarks
{
    private readonly float[] _probabilities = [0.9f, 0.8f, 0.85f, 0.6f, 0.4f, 0.7f, 0.5f, 0.9f, 0.3f, 0.9f, 0.9f, 0.9f, 0.9f, 0.9f, 0.9f, 0.9f];
    private readonly float[] _support = [1, 1, 1, 0.7f, 0.7f, 0.4f, 0.4f, 0.4f, 0.4f, 0.4f, 0.4f, 0.4f, 0.4f, 0.4f, 0.4f, 0.4f];
    private ISpeculationLengthPlanner _planner = null!;

    [Params(SpeculationLengthRule.Goodput, SpeculationLengthRule.Trend, SpeculationLengthRule.Fixed)]
    public SpeculationLengthRule Rule { get; set; }

    [GlobalSetup]
    public void Open()
    {
        ISpeculationLengthController controller = Rule switch
        {
            SpeculationLengthRule.Goodput => new GoodputSpeculationLength(),
            SpeculationLengthRule.Trend => new TrendSpeculationLength(),
            _ => new FixedSpeculationLength(4),
        };
        _planner = controller.OpenRequest(new SpeculationLimits(0, 16));
    }

    [Benchmark]
    public int Round()
    {
        int planned = _planner.Plan(new RoundOutlook(200, 100, 3)).Length;
        int chain = planned == 0 ? 0 : _planner.Shorten(new ChainOutlook(_probabilities.AsSpan(0, planned), _support.AsSpan(0, planned)));
        int accepted = Math.Min(3, chain);
        _planner.Observe(new RoundObservation(
            planned, chain, accepted, accepted + 1, TimeSpan.FromTicks(3000 * planned), TimeSpan.FromTicks(60_000 + 3000 * chain), chain + 1, 1, 200, planned));
        return chain;
    }
}
