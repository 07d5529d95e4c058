using Minions.Core.SpeculationLength.Goodput;

namespace Minions.Core.Tests.SpeculationLength;

public class ChainSignsTests
{
    [Test]
    public void The_surer_an_id_has_to_be_the_earlier_drafts_stop_and_never_so_early_as_not_to_begin()
    {
        var signs = new ChainSigns(new SharedKnowledge(), positions: 4);
        double[] chances = [0.05, 0.2, 0.5, 0.9, 1, 1.5, 20];
        float[] stops = [.. chances.Select(signs.StopBelow)];
        Assert.That(stops, Is.Ordered.Ascending);
        Assert.That(stops[0], Is.GreaterThan(0));
        Assert.That(stops[^1], Is.InRange(0.9f, 0.95f), "what cannot pay stops nearly every draft behind its first id");
    }
}
