using Minions.Core.SpeculationLength;

namespace Minions.Core.Tests.SpeculationLength;

/// <summary>What the goodput rule makes of a guess that costs no row.</summary>
public class PlainGuessTests
{
    [Test]
    public void A_certain_guess_needs_no_draft_that_is_right_once_in_two()
    {
        ISpeculationLengthPlanner planner = new GoodputSpeculationLength().OpenRequest(new SpeculationLimits(0, 1));
        List<int> certain = [], none = [];
        for (int round = 0; round < 200; round++)
        {
            bool isCertain = round % 2 == 0;
            int length = planner.Plan(Outlook(isCertain ? 1.95 : 1)).Length;
            (isCertain ? certain : none).Add(length);
            int accepted = length * (round / 2 % 2);
            int committed = length == 0 ? isCertain ? 2 : 1 : accepted + 1;
            planner.Observe(new RoundObservation(
                length, length, accepted, committed, TimeSpan.FromMilliseconds(0.5 * length), TimeSpan.FromMilliseconds(10), 2, 1, 100, length));
        }

        Assert.Multiple(() =>
        {
            Assert.That(none.Skip(50).Average(), Is.GreaterThan(0.9));
            Assert.That(certain.Skip(50).Average(), Is.LessThan(0.1));
        });
    }

    private static RoundOutlook Outlook(double plainTokens) => new(100, 1000, Drafts: 1, LeastRows: 2, PlainTokens: plainTokens);
}
