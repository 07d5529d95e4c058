using Minions.Core.SpeculationLength.Goodput;

namespace Minions.Core.Tests.SpeculationLength;

public sealed class RoundPriceTests
{
    [Test]
    public void An_id_that_takes_the_place_of_a_filler_costs_no_row([Values(0, 3)] int otherRows)
    {
        var costs = new RunCosts();
        var filled = new RoundPrice(costs, Rate: 1, Rows: otherRows + 1, Fillers: 1, Slots: 1, Company: 1, new DraftDepths(16), StepTime: 0.05, Start: 0);
        var bare = filled with { Fillers = 0 };

        Assert.That((filled.OfRow(0), filled.HopefulRow(0)), Is.EqualTo((0, 0)));
        Assert.That(filled.PlainTime, Is.EqualTo(bare.PlainTime + costs.Row(otherRows + 1)).Within(1e-12), "plain decoding pays for it");
        for (int position = 1; position < 5; position++)
            Assert.That((filled.OfRow(position), filled.HopefulRow(position)), Is.EqualTo((bare.OfRow(position), bare.HopefulRow(position))));
    }
}
