using Minions.Core.Drafting;
using Minions.Core.Speculation;
using Minions.Core.Speculation.Goodput;

namespace Minions.Core.Tests.Speculation.Goodput;

public class DraftRestsTests
{
    private const int Drafts = 4;

    private readonly SpeculationKnowledge _shared = new(Drafts, SpeculationTuning.Default);

    [Test]
    public void A_draft_that_ran_just_now_has_nothing_to_catch_up_with_and_others_what_they_missed()
    {
        var rests = new DraftRests(_shared);
        Assert.That(rests.CatchUpTime(0b01, 80), Is.EqualTo(80 * _shared.Costs.CatchUp * _shared.Costs.Step(0b01)).Within(1e-12), "a prompt is missed whole");
        rests.Observe(Round(80, 0b01, scored: 0), 1);
        Assert.That(rests.CatchUpTime(0b01, 85), Is.Zero);
        rests.Observe(Round(85, 0b10, scored: 0), 1);
        Assert.That(rests.CatchUpTime(0b01, 100), Is.EqualTo(20 * _shared.Costs.CatchUp * _shared.Costs.Step(0b01)).Within(1e-12));
    }

    [Test]
    public void The_time_of_a_rest_begins_when_a_draft_has_run()
    {
        var rests = new DraftRests(_shared);
        rests.Observe(Round(80, 0b01, scored: 0), 2);
        rests.Observe(Round(85, 0b10, scored: 0), 3);
        Assert.That(Enumerable.Range(0, 3).Select(rests.TimeSince), Is.EqualTo(new[] { 3.0, 0, 5 }));
    }

    [Test]
    public void What_is_free_has_nothing_to_catch_up_with_beside_others()
    {
        _shared.Costs.Free = 0b10;
        var rests = new DraftRests(_shared);
        Assert.That(rests.CatchUpTime(0b11, 80), Is.EqualTo(rests.CatchUpTime(0b01, 80)));
        rests.Observe(Round(80, 0b01, scored: 0), 1);
        Assert.That(rests.CatchUpTime(0b11, 85), Is.Zero);
    }

    [Test]
    public void A_draft_that_did_not_answer_is_away_until_it_does()
    {
        var rests = new DraftRests(_shared);
        SpeculationRound round = Round(80, 0b11, scored: 0);
        round.Leave(1);
        rests.Observe(round, 1);
        Assert.That((rests.IsAway(0), rests.IsAway(1), rests.SeenBy(1)), Is.EqualTo((false, true, 0)));
        rests.Observe(Round(85, 0b10, scored: 0), 1);
        Assert.That(rests.IsAway(1), Is.False);
    }

    [Test]
    public void A_draft_that_told_nothing_when_it_could_does_not_score()
    {
        var rests = new DraftRests(_shared);
        Assert.That(rests.Scores(0), Is.True);
        rests.Observe(Round(80, 0b01, scored: 0), 1);
        Assert.That(rests.Scores(0), Is.False);
        rests.Observe(Round(90, 0b01, scored: 9), 1);
        Assert.That(rests.Scores(0), Is.True);
    }

    private static SpeculationRound Round(int context, ulong running, int scored)
    {
        var round = new SpeculationRound(Drafts);
        round.Begin(new SpeculationPlan(1) { Drafts = new DraftSet(running), TokensToScore = 32 }, context);
        foreach (ref DraftRound draft in round.Drafts)
            (draft.NewTokens, draft.Scored) = (10, scored);
        return round;
    }
}
