using CsCheck;
using Minions.Core.Speculation.Goodput;

namespace Minions.Core.Tests.Speculation.Goodput;

public class ProbeScheduleTests
{
    private const int Drafts = 4;
    private const ulong All = (1ul << Drafts) - 1;

    private static readonly SpeculationTuning Tuning = SpeculationTuning.Default;

    [Test]
    public void Probes_take_no_more_than_their_share_of_the_time_and_what_was_saved_but_for_the_last() => Gen.Select(
        Gen.ULong[0, All].Array[1, 300], Gen.Int[1, 20], Gen.Double[0.5, 5]).Sample((running, tokens, time) =>
    {
        var shared = new SpeculationKnowledge(Drafts, Tuning);
        var schedule = new ProbeSchedule(shared);
        double spent = 0, earned = 0, dearest = 0;
        int context = 50;
        foreach (ulong ran in running)
        {
            double before = shared.ProbeBalance;
            ulong probe = schedule.ChooseNeedsLock(All & ~ran, context, together: false);
            Assert.That(probe & ran, Is.Zero, "what runs anyway needs no probe");
            Assert.That(System.Numerics.BitOperations.PopCount(probe), Is.LessThanOrEqualTo(1));
            spent += before - shared.ProbeBalance;
            Assert.That(before > shared.ProbeBalance, Is.EqualTo(probe != 0), "what is paid for is done");
            dearest = Math.Max(dearest, before - shared.ProbeBalance);

            earned += time * Tuning.ProbeShare;
            shared.EarnProbes(time);
            schedule.Observe(ran | probe, context);
            context += tokens;
        }

        Assert.That(spent, Is.LessThanOrEqualTo(earned + Tuning.ProbeSavings + dearest + 1e-9), "but for what the last one cost beyond a run");
    });

    // With all the time there is, what decides is how long ago a draft ran.
    [Test]
    public void Each_draft_that_rests_is_looked_at_less_and_less_often_down_to_a_limit([Range(0, Drafts - 1)] int running)
    {
        var shared = new SpeculationKnowledge(Drafts, Tuning with { ProbeShare = 1, ProbeSavings = 1e9 });
        var schedule = new ProbeSchedule(shared);
        List<int>[] probes = [.. Enumerable.Range(0, Drafts).Select(_ => new List<int>())];
        for (int round = 0; round < 1000; round++)
        {
            ulong probe = schedule.ChooseNeedsLock(All & ~(1ul << running), 50 + round, together: false);
            if (probe != 0)
                probes[System.Numerics.BitOperations.TrailingZeroCount(probe)].Add(round);
            schedule.Observe(probe | 1ul << running, 50 + round);
        }

        Assert.That(probes[running], Is.Empty);
        foreach (List<int> rounds in probes.Where((_, draft) => draft != running))
        {
            int[] gaps = [.. rounds.Zip(rounds.Skip(1), (round, next) => next - round)];
            Assert.That(rounds[0], Is.InRange(Tuning.FirstProbeGap, Tuning.FirstProbeGap + Drafts));
            Assert.That(gaps[^1], Is.InRange(Tuning.LastProbeGap, Tuning.LastProbeGap + Drafts));
            Assert.That(gaps, Is.All.LessThanOrEqualTo(Tuning.LastProbeGap + Drafts));
        }
    }

    [Test]
    public void A_draft_that_ran_just_now_has_nothing_to_catch_up_with_and_others_what_they_missed()
    {
        var shared = new SpeculationKnowledge(Drafts, Tuning);
        var schedule = new ProbeSchedule(shared);
        Assert.That(schedule.CatchUpTime(0b01, 80), Is.EqualTo(80 * CostModel.CatchUp * shared.Costs.Step(0b01)).Within(1e-12), "a prompt is missed whole");
        schedule.Observe(0b01, 80);
        Assert.That(schedule.CatchUpTime(0b01, 85), Is.Zero);
        schedule.Observe(0b10, 85);
        Assert.That(schedule.CatchUpTime(0b01, 100), Is.EqualTo(20 * CostModel.CatchUp * shared.Costs.Step(0b01)).Within(1e-12));
    }
}
