using CsCheck;
using Minions.Benchmarks.EndToEnd.Arms;

namespace Minions.Benchmarks.Tests.EndToEnd.Arms;

public sealed class ArmOrderTests
{
    [Test]
    public void Every_arm_has_one_place_in_every_turn() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, 1000]).Sample((arms, turn) =>
            ArmOrder.Of(arms, turn).Order().SequenceEqual(Enumerable.Range(0, arms)));

    [Test]
    public void Every_arm_has_every_place_equally_often() =>
        Gen.Int[1, 12].Sample(arms => Enumerable.Range(0, arms)
            .SelectMany(turn => ArmOrder.Of(arms, turn).Select((arm, place) => (arm, place)))
            .Distinct().Count() == arms * arms);

    [Test]
    public void No_arm_always_follows_the_same_other()
    {
        const int Arms = 4;
        IEnumerable<(int, int)> neighbours = Enumerable.Range(0, 2 * Arms).SelectMany(turn =>
        {
            int[] order = [.. ArmOrder.Of(Arms, turn)];
            return order.Zip(order.Skip(1));
        });

        Assert.That(neighbours.GroupBy(pair => pair.Item2).Select(group => group.Distinct().Count()), Is.All.EqualTo(2));
    }
}
