using Minions.Core.Pipeline.PreDrafting;

namespace Minions.Core.Tests.Pipeline.PreDrafting;

/// <summary>Rounds of random lengths and times, of which pre-drafting saves or costs a share.</summary>
public class PreDraftExperimentTests
{
    private const double Noise = 0.15;

    [Test]
    public void What_saves_time_is_done_and_what_costs_time_is_not([Values(-0.3, -0.1, 0.1, 0.3)] double saved, [Range(1, 5)] int seed)
    {
        var rounds = new Rounds(seed);
        double early = rounds.ShareOn(saved, 2000);
        double late = rounds.ShareOn(saved, 20_000);
        double last = rounds.ShareOn(saved, 20_000);
        double right = saved > 0 ? 1 : 0;
        Assert.That(early, Is.EqualTo(right).Within(0.35));
        Assert.That(late, Is.EqualTo(right).Within(0.03));
        Assert.That(last, Is.EqualTo(right).Within(0.015), "a round of a hundred goes on trials");
        Assert.That(last, Is.Not.EqualTo(right), "it is never left at that");
    }

    [Test]
    public void A_machine_that_changes_is_noticed([Range(1, 5)] int seed)
    {
        var rounds = new Rounds(seed);
        rounds.ShareOn(0.2, 10_000);
        rounds.ShareOn(-0.2, 10_000);
        Assert.That(rounds.ShareOn(-0.2, 10_000), Is.LessThan(0.015));
        rounds.ShareOn(0.2, 10_000);
        Assert.That(rounds.ShareOn(0.2, 10_000), Is.GreaterThan(0.985));
    }

    [Test]
    public void Rounds_that_were_interrupted_upset_nothing([Values(-0.2, 0.2)] double saved, [Range(1, 8)] int seed)
    {
        var rounds = new Rounds(seed) { Interruptions = 0.03 };
        rounds.ShareOn(saved, 10_000);
        Assert.That(rounds.ShareOn(saved, 10_000), Is.EqualTo(saved > 0 ? 1 : 0).Within(0.03));
    }

    [Test]
    public void Rounds_that_were_run_the_other_way_tell_nothing()
    {
        var trials = new PreDraftExperiment(always: false);
        for (int i = 0; i < 1000; i++)
        {
            Assert.That(trials.IsOn, Is.False);
            trials.Observe(true, 3, 1);
        }
    }

    [Test]
    public void Who_is_told_asks_nothing()
    {
        var trials = new PreDraftExperiment(always: true);
        for (int i = 0; i < 1000; i++)
        {
            Assert.That(trials.IsOn, Is.True);
            trials.Observe(true, 3, 1);
        }
    }

    private sealed class Rounds(int seed)
    {
        private readonly PreDraftExperiment _trials = new(always: false);
        private readonly Random _random = new(seed);

        /// <summary>The share of rounds that take forty times as long.</summary>
        public double Interruptions { get; init; }

        public double ShareOn(double saved, int count)
        {
            int on = 0;
            for (int i = 0; i < count; i++)
            {
                bool isOn = _trials.IsOn;
                on += isOn ? 1 : 0;
                int length = 1 + _random.Next(6);
                double seconds = (5 + length) * (isOn ? 1 - saved : 1) * (1 + Noise * (2 * _random.NextDouble() - 1));
                _trials.Observe(isOn, length, _random.NextDouble() < Interruptions ? 40 * seconds : seconds);
            }

            return (double)on / count;
        }
    }
}
