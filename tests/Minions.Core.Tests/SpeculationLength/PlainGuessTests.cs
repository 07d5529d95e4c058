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

    [Test]
    public void A_wish_is_heard_where_plain_decoding_would_be_best_and_within_the_limits([Values(0, 1, 16)] int most)
    {
        ISpeculationLengthPlanner planner = new GoodputSpeculationLength().OpenRequest(new SpeculationLimits(0, most));
        List<int> wished = [], free = [];
        for (int round = 0; round < 400; round++)
        {
            bool wishes = round % 8 == 7;
            int length = planner.Plan(Outlook(1) with { WishedLength = wishes ? 2 : 0 }).Length;
            (wishes ? wished : free).Add(length);
            planner.Observe(new RoundObservation(
                length, length, 0, 1, TimeSpan.FromMilliseconds(2 * length), TimeSpan.FromMilliseconds(10), Math.Max(2, length + 1), 1, 100, length));
        }

        Assert.That(free.Skip(100).Average(), Is.LessThan(0.1), "the drafts are of no use");
        Assert.That(wished.Skip(10), Is.All.EqualTo(Math.Min(2, most)));
        Assert.That(planner.Plan(Outlook(1) with { WishedLength = 2, Remaining = 1 }).Length, Is.Zero, "the target's own id is the last");
        Assert.That(planner.Plan(Outlook(1) with { WishedLength = 2, Drafts = 0 }).Length, Is.Zero);
    }

    private static RoundOutlook Outlook(double plainTokens) => new(100, 1000, Drafts: 1, LeastRows: 2, PlainTokens: plainTokens);
}
