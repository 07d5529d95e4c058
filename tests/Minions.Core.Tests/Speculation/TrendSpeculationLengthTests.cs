using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation;

public class TrendSpeculationLengthTests
{
    private static readonly SpeculationLimits Limits = new() { Maximum = 16, Drafts = 1 };

    [Test]
    public void The_length_rises_while_the_fitted_time_per_id_falls_and_is_cut_when_it_rises()
    {
        // Milliseconds an id at each length, and by hand: points (2, 10), (3, 8), (4, 7), (5, 8): slope -0.7; then 3 to 6 with 11: slope 1.0,
        // cut to 4 and forget; (4, 7) alone says nothing; (4, 7), (5, 8): slope 1, cut to 3; (3, 8), (4, 7): slope -1.
        double[] time = [0, 0, 10, 8, 7, 8, 11];
        var trend = new TrendSpeculationLength();
        ISpeculationLengthPlanner planner = trend.OpenRequest(Limits);
        var lengths = new List<int>();
        for (int point = 0; point < 9; point++)
        {
            lengths.Add(trend.CurrentLength);
            for (int i = 0; i < TrendSpeculationLength.RoundsPerPoint; i++)
                Round(planner, time[trend.CurrentLength]);
        }

        Assert.That(lengths, Is.EqualTo(new[] { 2, 3, 4, 5, 6, 4, 5, 3, 4 }));
    }

    [Test]
    public void Nothing_is_decided_before_enough_rounds_are_verified()
    {
        var trend = new TrendSpeculationLength();
        ISpeculationLengthPlanner planner = trend.OpenRequest(Limits);
        for (int i = 1; i < TrendSpeculationLength.RoundsPerPoint; i++)
            Round(planner, 1);
        Assert.That(trend.CurrentLength, Is.EqualTo(TrendSpeculationLength.FirstLength));
        Round(planner, 1);
        Assert.That(trend.CurrentLength, Is.EqualTo(TrendSpeculationLength.FirstLength + TrendSpeculationLength.Increase));
    }

    [Test]
    public void Nothing_is_decided_while_drafts_of_the_old_length_are_in_flight()
    {
        var trend = new TrendSpeculationLength();
        ISpeculationLengthPlanner slow = trend.OpenRequest(Limits);
        ISpeculationLengthPlanner quick = trend.OpenRequest(Limits);
        int old = slow.Plan(Outlook()).Length;
        for (int i = 0; i < TrendSpeculationLength.RoundsPerPoint; i++)
            Round(quick, Falling(trend));
        Assert.That(trend.CurrentLength, Is.EqualTo(3));

        for (int i = 0; i < 2 * TrendSpeculationLength.RoundsPerPoint; i++)
            Round(quick, Falling(trend));
        Assert.That(trend.CurrentLength, Is.EqualTo(3), "one draft of length 2 is still out");

        slow.Observe(Observation(old, 1000));
        Round(quick, Falling(trend));
        Assert.That(trend.CurrentLength, Is.EqualTo(4), "what it cost counts for nothing");
    }

    [Test]
    public void A_request_that_never_reports_holds_up_nobody_for_ever()
    {
        var trend = new TrendSpeculationLength();
        trend.OpenRequest(Limits).Plan(Outlook());
        ISpeculationLengthPlanner planner = trend.OpenRequest(Limits);
        for (int i = 0; i < 6 * TrendSpeculationLength.RoundsPerPoint; i++)
            Round(planner, Falling(trend));
        Assert.That(trend.CurrentLength, Is.EqualTo(4));
    }

    [Test]
    public void The_length_stays_within_the_limits_and_above_zero()
    {
        var trend = new TrendSpeculationLength();
        ISpeculationLengthPlanner planner = trend.OpenRequest(new SpeculationLimits { Maximum = 4, Drafts = 1 });
        for (int i = 0; i < 200; i++)
            Round(planner, Falling(trend));
        Assert.That(trend.CurrentLength, Is.EqualTo(4));

        for (int i = 0; i < 400; i++)
        {
            Round(planner, trend.CurrentLength);
            Assert.That(trend.CurrentLength, Is.InRange(1, 4));
        }
    }

    private static void Round(ISpeculationLengthPlanner planner, double millisecondsAnId) =>
        planner.Observe(Observation(planner.Plan(Outlook()).Length, millisecondsAnId));

    private static double Falling(TrendSpeculationLength trend) => 100 - trend.CurrentLength;

    private static RoundOutlook Outlook() => new() { ContextLength = 100, Remaining = 100 };

    private static SpeculationRound Observation(int length, double millisecondsAnId) => new(drafts: 1)
    {
        Plan = new SpeculationPlan(length),
        ChainLength = length,
        Accepted = 1,
        Committed = 2,
        VerifyTime = TimeSpan.FromMilliseconds(2 * millisecondsAnId),
        Rows = length + 1,
        ContextLength = 100,
    };
}
