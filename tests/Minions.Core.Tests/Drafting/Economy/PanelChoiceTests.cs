using Minions.Core.Drafting.Economy;

namespace Minions.Core.Tests.Drafting.Economy;

public sealed class PanelChoiceTests
{
    private const ulong All = 0b111;

    [Test]
    public void The_draft_whose_leaving_costs_least_is_the_worst([Values(0, 1, 2)] int worst)
    {
        (PanelEvidence evidence, PanelCosts costs) = Shown(round => round.Without[worst] = 3);
        Assert.That(PanelChoice.WithoutWorst(All, evidence, costs), Is.EqualTo(new PanelChoice(All & ~(1ul << worst), 0)));
    }

    [Test]
    public void The_draft_that_would_have_had_most_accepted_is_the_best_alone([Values(0, 1, 2)] int best)
    {
        (PanelEvidence evidence, PanelCosts costs) = Shown(round => round.Alone[best] = 2);
        Assert.That(PanelChoice.Alone(All, evidence, costs), Is.EqualTo(new PanelChoice(1ul << best, -1)));
    }

    [Test]
    public void Where_nothing_is_known_the_first_is_taken_and_none_is_dropped()
    {
        var evidence = new PanelEvidence(3, PanelEvidence.OfRounds);
        var costs = new PanelCosts(3, threads: 1);
        Assert.That(PanelChoice.Alone(0b110, evidence, costs).Panel, Is.EqualTo(0b010));
        Assert.That(PanelChoice.WithoutWorst(All, evidence, costs).Panel, Is.EqualTo(All));
    }

    // Rounds that accept three ids, one without a draft or with it alone; what is special is for the caller to say.
    private static (PanelEvidence Evidence, PanelCosts Costs) Shown(Action<PanelRound> special)
    {
        var evidence = new PanelEvidence(3, PanelEvidence.OfRounds);
        var costs = new PanelCosts(3, threads: 1);
        for (int i = 0; i < 10; i++)
        {
            var round = new PanelRound(3) { Running = All, Polled = All, Length = 4, Accepted = 3, ContextLength = 20, VerifySeconds = 0.01 };
            Array.Fill(round.DraftSeconds, 0.002);
            Array.Fill(round.Proposed, 4);
            Array.Fill(round.Without, 1);
            Array.Fill(round.Alone, 1);
            special(round);
            evidence.Add(round, forgetting: 1);
            costs.Observe(round);
        }

        return (evidence, costs);
    }
}
