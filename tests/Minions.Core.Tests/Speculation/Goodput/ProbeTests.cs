using Minions.Core.Drafting;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation.Goodput;

public class ProbeTests
{
    private const int Rounds = 300;

    // A round that asks it has no guess in its spare row, and gets nothing.
    [Test]
    public void A_draft_that_never_answers_is_asked_now_and_then_only([Values(1, 3)] int drafts)
    {
        IReadOnlyList<double>[] poor = [.. Enumerable.Repeat<IReadOnlyList<double>>([0.02], drafts)];
        ISpeculationLengthPlanner planner = new GoodputSpeculationLength().OpenRequest(new SpeculationLimits { Maximum = 16, Drafts = drafts, ExpectedAgreement = poor });
        var round = new SpeculationRound(drafts);
        int context = 50, asked = 0;
        for (int i = 0; i < Rounds; i++)
        {
            SpeculationPlan plan = planner.Plan(new RoundOutlook { ContextLength = context, Remaining = 1000, Drafts = DraftSet.First(drafts), MinRows = 2, ExpectedPlainTokens = 1.9 });
            round.Begin(plan, context);
            for (int draft = 0; draft < drafts; draft++)
                round.Leave(draft);
            asked += plan.Length > 0 ? 1 : 0;
            (round.Committed, round.Rows, round.VerifyTime) = (plan.Length > 0 ? 1 : 2, 2, TimeSpan.FromMilliseconds(10));
            planner.Observe(round);
            context += round.Committed;
        }

        Assert.That(asked, Is.InRange(1, Rounds / 10));
    }
}
