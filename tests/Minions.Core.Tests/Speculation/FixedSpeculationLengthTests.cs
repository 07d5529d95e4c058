using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation;

public class FixedSpeculationLengthTests
{
    [TestCase(3, 0, 16, 3)]
    [TestCase(3, 5, 16, 5)]
    [TestCase(3, 0, 2, 2)]
    [TestCase(0, 0, 16, 0)]
    public void Plans_its_length_within_the_limits(int length, int minimum, int maximum, int expected)
    {
        ISpeculationLengthPlanner planner = new FixedSpeculationLength(length).OpenRequest(new SpeculationLimits { Minimum = minimum, Maximum = maximum, Drafts = 1 });
        Assert.That(planner.Plan(new RoundOutlook { ContextLength = 10, Remaining = 10 }).Length, Is.EqualTo(expected));
    }

    [Test]
    public void A_negative_length_is_refused() =>
        Assert.That(() => new FixedSpeculationLength(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
