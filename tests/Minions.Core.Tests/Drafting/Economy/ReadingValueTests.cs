using Minions.Core.Drafting;
using Minions.Core.Drafting.Economy;

namespace Minions.Core.Tests.Drafting.Economy;

public class ReadingValueTests
{
    private const ulong All = 0b111;

    [Test]
    public void Where_likelier_prompts_go_with_more_accepted_ids_the_best_reader_is_known_and_by_how_much()
    {
        ReadingValue value = Learn((fit, _) => (int)Math.Round(10 * fit));
        TextFit[] fits = [Fit(0.1), Fit(0.4), Fit(0.2)];
        Assert.That(value.BestReader(All, fits), Is.EqualTo(0b010));
        Assert.That(value.Slope, Is.EqualTo(10).Within(1));
        Assert.That(value.LossOfBest, Is.Zero, "the panel has as many accepted as its best");
        Assert.That(value.BestReader(0b101, fits), Is.EqualTo(0b100), "of those that run");
    }

    [Test]
    public void Where_they_do_not_none_is_the_best_reader()
    {
        ReadingValue value = Learn((_, chance) => chance);
        Assert.That(value.Slope, Is.LessThan(0.5));
        Assert.That(value.BestReader(All, [Fit(0.3), Fit(0.33), Fit(0.27)]), Is.Zero);
    }

    [Test]
    public void Where_it_is_the_other_way_round_it_tells_nothing()
    {
        ReadingValue value = Learn((fit, _) => 5 - (int)Math.Round(10 * fit));
        Assert.That(value.Slope, Is.Zero);
        Assert.That(value.BestReader(All, [Fit(0.1), Fit(0.9), Fit(0.2)]), Is.Zero);
    }

    [Test]
    public void Many_rounds_of_drafts_that_read_alike_teach_nothing()
    {
        var value = new ReadingValue();
        for (int i = 0; i < 5000; i++)
        {
            var round = new PanelRound(2) { Running = 0b11, Polled = 0b11, Length = 5, Accepted = 4 };
            (round.Alone[0], round.Alone[1]) = (i % 5, i % 3);
            value.Learn(round, 0b11, [Fit(0.3001), Fit(0.3)]);
        }

        Assert.That(value.Slope, Is.InRange(0.5, 1.5), "what is assumed of them stands");
    }

    [Test]
    public void Equal_readers_are_not_told_apart_unless_another_is_worse()
    {
        Assert.That(new ReadingValue().BestReader(All, [Fit(0.3), Fit(0.31), Fit(0.3)]), Is.Zero);
        Assert.That(new ReadingValue().BestReader(All, [Fit(0.3), Fit(0.31), Fit(0.1)]), Is.EqualTo(0b010));
    }

    internal static TextFit Fit(double mean) => new(TextFit.MostIds, mean);

    // Many rounds; what a draft would have had accepted follows from how it held the prompt, and from chance.
    private static ReadingValue Learn(Func<double, int, int> accepted)
    {
        var value = new ReadingValue();
        var random = new Random(11);
        for (int i = 0; i < 2000; i++)
        {
            var round = new PanelRound(3) { Running = All, Polled = All, Length = 5 };
            for (int draft = 0; draft < 3; draft++)
            {
                double fit = random.NextDouble() / 2;
                round.Fits[draft] = Fit(fit);
                round.Alone[draft] = accepted(fit, random.Next(5));
            }

            round.Accepted = round.Alone.Max();
            value.Learn(round, All, round.Fits);
        }

        return value;
    }
}
