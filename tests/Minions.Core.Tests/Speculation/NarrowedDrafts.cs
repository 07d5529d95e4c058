using Minions.Core.Drafting;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation;

/// <summary>Another controller, wrapped, that hears of some of the drafts only.</summary>
/// <param name="controller">The controller.</param>
/// <param name="next">Which drafts there are in the next round, of how many.</param>
internal sealed class NarrowedDrafts(ISpeculationLengthController controller, Func<int, DraftSet> next) : ISpeculationLengthController
{
    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => new Planner(next, controller.OpenRequest(limits));

    private sealed class Planner(Func<int, DraftSet> next, ISpeculationLengthPlanner planner) : ISpeculationLengthPlanner
    {
        public SpeculationPlan Plan(in RoundOutlook outlook) => planner.Plan(outlook with { Drafts = next(outlook.Drafts.Count) });

        public int Shorten(in ChainOutlook chain) => planner.Shorten(chain);

        public bool TryPredict(in ChainOutlook chain, Span<double> survival) => planner.TryPredict(chain, survival);

        public double PriceOfRun(int rows, int requests) => planner.PriceOfRun(rows, requests);

        public void Observe(SpeculationRound round) => planner.Observe(round);

        public void Complete() => planner.Complete();
    }
}
