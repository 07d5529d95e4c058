using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation;

/// <summary>A controller that does what a test says, for all of its requests alike.</summary>
internal sealed class ScriptedController : ISpeculationLengthController, ISpeculationLengthPlanner
{
    public SpeculationPlan Next { get; set; } = new(3);

    public bool OpensNull { get; init; }

    /// <summary>What it predicts of a chain, from its first id on.</summary>
    public double[]? Survival { get; init; }

    public Func<int, int> ShortenTo { get; init; } = length => length;

    public Func<int, int, double> Price { get; init; } = (_, _) => 0;

    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => OpensNull ? null! : this;

    public SpeculationPlan Plan(in RoundOutlook outlook) => Next;

    public int Shorten(in ChainOutlook chain) => ShortenTo(chain.Length);

    public bool TryPredict(in ChainOutlook chain, Span<double> survival)
    {
        Survival?.AsSpan(0, survival.Length).CopyTo(survival);
        return Survival is not null;
    }

    public double PriceOfRun(int rows, int requests) => Price(rows, requests);

    public void Observe(SpeculationRound round)
    {
    }
}
