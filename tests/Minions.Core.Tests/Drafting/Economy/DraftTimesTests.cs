using Minions.Core.Drafting.Economy;

namespace Minions.Core.Tests.Drafting.Economy;

public class DraftTimesTests
{
    private const int Length = 4;

    [Test]
    public void What_a_draft_takes_alone_follows_from_what_it_takes_beside_others()
    {
        // Side by side everything takes twice as long; the third never runs alone.
        var times = new DraftTimes(3, threads: 2);
        for (int i = 0; i < 20; i++)
        {
            Run(times, 2e-3, 2e-3, 4e-3);
            Run(times, 1e-3, 0, 0);
        }

        Assert.That(times.OfId(0, beside: false), Is.EqualTo(1e-3).Within(1e-6));
        Assert.That(times.OfId(2, beside: false), Is.EqualTo(2e-3).Within(1e-6));
        Assert.That(times.OfId(2, beside: true), Is.EqualTo(4e-3).Within(1e-6));
    }

    [Test]
    public void A_draft_that_ran_alone_when_the_machine_was_slow_is_not_dearer_for_it()
    {
        var times = new DraftTimes(3, threads: 2);
        for (int i = 0; i < 20; i++)
            Run(times, 0, 9e-3);
        for (int i = 0; i < 100; i++)
        {
            Run(times, 1e-3, 1e-3);
            Run(times, 1e-3, 0);
        }

        Assert.That(times.OfId(1, beside: false), Is.EqualTo(times.OfId(0, beside: false)).Within(1e-6));
    }

    [Test]
    public void Ids_that_were_cheap_since_requests_shared_a_run_do_not_say_that_company_is_dear()
    {
        var times = new DraftTimes(3, threads: 2);
        for (int i = 0; i < 20; i++)
        {
            Run(times, 2e-3, 2e-3);
            Run(times, 0.25e-3, 0, slots: 8);
        }

        Assert.That(times.OfId(0, beside: false), Is.EqualTo(2e-3).Within(1e-6));
    }

    [Test]
    public void What_took_no_time_once_is_not_free_for_ever()
    {
        var mean = new CostMean();
        for (int i = 0; i < 10; i++)
            mean.Add(0);
        for (int i = 0; i < 100; i++)
            mean.Add(1e-3);
        Assert.That(mean.Mean, Is.EqualTo(1e-3).Within(1e-4));
    }

    [Test]
    public void One_that_never_ran_is_not_known_and_catching_up_is_no_cost_of_an_id()
    {
        var times = new DraftTimes(3, threads: 2);
        for (int i = 0; i < 5; i++)
            Run(times, 1e-3, 0);
        Run(times, 11e-3, 0, newIds: Length + 1 + 40);
        Run(times, 11e-3, 0, newIds: Length + 1 + 40);
        Run(times, 11e-3, 0, newIds: Length + 1 + 40);

        Assert.That(times.OfId(1, beside: false), Is.Zero);
        Assert.That(times.OfId(0, beside: false), Is.EqualTo(1e-3).Within(1e-6));
        Assert.That(times.OfNewId(0), Is.EqualTo(1e-3).Within(1e-6), "44 ms for 4 ids and 40 to catch up with");
    }

    // Times are for an id of the round.
    private static void Run(DraftTimes times, double first, double second, double third = 0, int newIds = 1, int slots = 1)
    {
        double[] perId = [first, second, third];
        var round = new PanelRound(perId.Length) { Length = Length, DraftSlots = slots };
        for (int i = 0; i < perId.Length; i++)
            (round.DraftSeconds[i], round.Proposed[i], round.NewIds[i]) = (perId[i] * Length, perId[i] > 0 ? Length : 0, newIds);
        times.Observe(round);
    }
}
