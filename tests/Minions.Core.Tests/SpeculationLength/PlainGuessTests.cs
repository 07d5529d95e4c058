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
    public void A_wish_is_heard_where_all_drafts_are_too_dear_but_one_would_pay_and_within_the_limits([Values(0, 1, 16)] int most)
    {
        // Three drafts take eight tenths of a target run for an id that is right every other time.
        (ISpeculationLengthPlanner planner, List<int> wished, List<int> free) = Decode(most, milliseconds: 8, accepted: round => round % 2);
        Assert.That(free.Skip(100).Average(length => Math.Min(length, 1)), Is.LessThan(0.2), "but for tries, and what follows on those that succeed");
        Assert.That(wished.Skip(10), Is.All.EqualTo(Math.Min(1, most)));
        Assert.That(planner.Plan(Wish with { Remaining = 1 }).Length, Is.Zero, "the target's own id is the last");
        Assert.That(planner.Plan(Wish with { Drafts = 0 }).Length, Is.Zero);
    }

    [Test]
    public void A_wish_is_not_heard_where_none_would_pay()
    {
        (_, List<int> wished, _) = Decode(16, milliseconds: 8, accepted: round => 0);
        Assert.That(wished.Skip(20).Average(), Is.LessThan(0.2), "but for the tries there are anyway");
    }

    private static (ISpeculationLengthPlanner Planner, List<int> Wished, List<int> Free) Decode(int most, double milliseconds, Func<int, int> accepted)
    {
        ISpeculationLengthPlanner planner = new GoodputSpeculationLength().OpenRequest(new SpeculationLimits(0, most));
        List<int> wished = [], free = [];
        int drafted = 0;
        for (int round = 0; round < 400; round++)
        {
            bool wishes = round % 8 == 7;
            int length = planner.Plan(wishes ? Wish : Wish with { WishedLength = 0 }).Length;
            (wishes ? wished : free).Add(length);
            int right = length == 0 ? 0 : accepted(drafted++);
            planner.Observe(new RoundObservation(
                length, length, right, right + 1, TimeSpan.FromMilliseconds(milliseconds * length), TimeSpan.FromMilliseconds(10), Math.Max(2, length + 1), 1, 100, length));
        }

        return (planner, wished, free);
    }

    private static RoundOutlook Wish => new(100, 1000, Drafts: 3, LeastRows: 2, WishedLength: 1);

    private static RoundOutlook Outlook(double plainTokens) => new(100, 1000, Drafts: 1, LeastRows: 2, PlainTokens: plainTokens);
}
