using Minions.Core.Speculation.Goodput;

namespace Minions.Core.Tests.Speculation.Goodput;

/// <summary>Costs that are given are learnt, as ratios to a target run of one row.</summary>
public class CostModelTests
{
    private const double Run = 20e-3;

    [Test]
    public void Runs_are_learnt_by_rows_and_requests([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var model = new CostModel(1);
        for (int i = 0; i < 2000; i++)
        {
            (int rows, int requests) = (random.Next(1, 17), random.Next(1, 5));
            rows = Math.Max(rows, requests);
            model.LearnRun(rows, requests, RunSeconds(rows, requests) * Noise(random, 0.05));
        }

        Assert.That(model.UnitSeconds, Is.EqualTo(Run).Within(10).Percent);
        foreach ((int rows, int requests) in new[] { (1, 1), (2, 1), (4, 1), (8, 1), (16, 1), (8, 2), (12, 4) })
            Assert.That(model.Run(rows, requests), Is.EqualTo(RunSeconds(rows, requests) / RunSeconds(1, 1)).Within(8).Percent, $"{rows} rows, {requests} requests");
    }

    [Test]
    public void Each_draft_has_a_step_of_its_own([Values(1, 2, 3)] int seed)
    {
        double[] steps = [0.5e-3, 1e-3, 4e-3];
        var random = new Random(seed);
        var model = new CostModel(steps.Length);
        for (int i = 0; i < 3000; i++)
        {
            model.LearnRun(3, 1, RunSeconds(3, 1) * Noise(random, 0.05));
            ulong drafts = 1ul << random.Next(3) | 1ul << random.Next(3);
            int length = random.Next(1, 7);
            model.LearnDrafting(drafts, probes: 0, length, missed: 0, requests: 1, length * StepSeconds(drafts) * Noise(random, 0.1));
        }

        for (ulong drafts = 1; drafts < 8; drafts++)
            Assert.That(model.Step(drafts) * model.UnitSeconds, Is.EqualTo(StepSeconds(drafts)).Within(15).Percent, $"drafts {drafts:b}");

        // The slowest sets the pace; half of what the others take comes on top.
        double StepSeconds(ulong drafts)
        {
            double[] own = [.. steps.Where((_, draft) => (drafts >> draft & 1) != 0)];
            return own.Max() + 0.5 * (own.Sum() - own.Max());
        }
    }

    [Test]
    public void A_probe_that_goes_one_step_beside_others_does_not_make_them_look_cheap([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var model = new CostModel(2);
        for (int i = 0; i < 3000; i++)
        {
            model.LearnRun(3, 1, RunSeconds(3, 1) * Noise(random, 0.05));
            (ulong drafts, ulong probes) = (i % 20) switch { 0 => (0b11ul, 0ul), 1 => (0b10ul, 0ul), 2 or 3 or 4 => (0b01ul, 0b10ul), _ => (0b01ul, 0ul) };
            double seconds = probes == 0 ? 5 * (drafts == 0b11 ? 1.6e-3 : 1e-3) : 4 * 1e-3 + 1.6e-3;
            model.LearnDrafting(drafts, probes, 5, missed: 0, requests: 1, seconds * Noise(random, 0.1));
        }

        Assert.That(model.Step(0b01) * model.UnitSeconds, Is.EqualTo(1e-3).Within(10).Percent);
        Assert.That(model.Step(0b10) * model.UnitSeconds, Is.EqualTo(1e-3).Within(10).Percent);
        Assert.That(model.Step(0b11) * model.UnitSeconds, Is.EqualTo(1.6e-3).Within(10).Percent);
    }

    [Test]
    public void Catching_up_is_learnt_by_itself_and_makes_no_step_look_dear([Values(0.02, 0.2, 0.4)] double catchUp)
    {
        const double step = 0.5e-3;
        var random = new Random(1);
        var model = new CostModel(1);
        for (int i = 0; i < 300; i++)
        {
            model.LearnRun(3, 1, RunSeconds(3, 1) * Noise(random, 0.05));
            model.LearnDrafting(1, probes: 0, steps: 4, missed: 0, requests: 1, 4 * step * Noise(random, 0.05));
        }

        double known = model.Step(1);
        for (int i = 0; i < 60; i++)
            model.LearnDrafting(1, probes: 0, steps: 1, missed: 50, requests: 1, (1 + 50 * catchUp) * step * Noise(random, 0.05));

        Assert.That(model.Step(1), Is.EqualTo(known).Within(1e-12));
        Assert.That(model.CatchUp, Is.EqualTo(catchUp).Within(0.02));
    }

    [Test]
    public void What_drafting_for_several_requests_costs_is_learnt()
    {
        var random = new Random(1);
        var model = new CostModel(1);
        for (int i = 0; i < 3000; i++)
        {
            int requests = random.Next(1, 9);
            for (int request = 0; request < requests; request++)
            {
                model.LearnRun(2 * requests, requests, RunSeconds(2 * requests, requests));
                model.LearnDrafting(1, probes: 0, 4, missed: 0, requests, 4 * 1e-3 * (1 + 0.3 * (requests - 1)) * Noise(random, 0.05));
            }
        }

        Assert.That(model.Company(8), Is.EqualTo(1 + 0.3 * 7).Within(15).Percent);
    }

    // A neighbour's load bends all times alike, so ratios must not move with it.
    [Test]
    public void A_load_that_all_share_changes_the_unit_only()
    {
        var model = new CostModel(1);
        double[] costs = new double[2];
        for (int load = 1; load <= 2; load++)
        {
            for (int i = 0; i < 1000; i++)
            {
                model.LearnRun(1 + i % 8, 1, load * RunSeconds(1 + i % 8, 1));
                model.LearnDrafting(1, probes: 0, 4, missed: 0, requests: 1, load * 4e-3);
            }

            costs[load - 1] = model.Step(1);
            Assert.That(model.UnitSeconds, Is.EqualTo(load * Run).Within(8).Percent);
        }

        Assert.That(costs[1], Is.EqualTo(costs[0]).Within(8).Percent);
    }

    private static double RunSeconds(int rows, int requests) => Run * (1 + 0.05 * (rows - 1) + 0.1 * (requests - 1));

    private static double Noise(Random random, double spread) => Math.Exp(spread * (random.NextDouble() + random.NextDouble() - 1));
}
