using CsCheck;
using Minions.Benchmarks.LengthRules;
using Minions.Core;
using Minions.Core.Speculation;

namespace Minions.Benchmarks.Tests.LengthRules;

public sealed class MovingAverageSpeculationLengthTests
{
    private static readonly RoundOutlook Outlook = new() { ContextLength = 100, Remaining = 1000 };

    [Test]
    public void Where_every_round_accepts_as_much_one_id_more_is_drafted() => Gen.Int[1, 12].Sample(accepted =>
    {
        ISpeculationLengthPlanner planner = Open(new MovingAverageSpeculationLength());
        for (int i = 0; i < 100; i++)
            Round(planner, accepted);
        return planner.Plan(Outlook).Length == accepted + 1;
    });

    [Test]
    public void Where_nothing_is_accepted_only_probes_draft()
    {
        var rule = new MovingAverageSpeculationLength();
        ISpeculationLengthPlanner planner = Open(rule);
        for (int i = 0; i < 100; i++)
            Round(planner, 0);

        int drafted = Enumerable.Range(0, 10 * (rule.ProbeInterval + 1)).Count(_ => Round(planner, 0) > 0);
        Assert.That(drafted, Is.EqualTo(10));
    }

    [Test]
    public void A_request_begins_where_the_last_one_that_ended_well_stood()
    {
        var rule = new MovingAverageSpeculationLength();
        ISpeculationLengthPlanner first = Open(rule);
        for (int i = 0; i < 100; i++)
            Round(first, 9);
        Assert.That(Open(rule).Plan(Outlook).Length, Is.LessThan(10), "it has not ended");

        first.Complete();
        Assert.That(Open(rule).Plan(Outlook).Length, Is.EqualTo(10));
    }

    private static ISpeculationLengthPlanner Open(MovingAverageSpeculationLength rule) => rule.OpenRequest(new SpeculationLimits { Maximum = 16, Drafts = 1 });

    // Returns the length.
    private static int Round(ISpeculationLengthPlanner planner, int accepted)
    {
        SpeculationPlan plan = planner.Plan(Outlook);
        planner.Observe(new SpeculationRound(1) { Plan = plan, Accepted = Math.Min(plan.Length, accepted) });
        return plan.Length;
    }
}
