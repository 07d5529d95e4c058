using Minions.Core.Speculation.Goodput;

namespace Minions.Core.Tests.Speculation.Goodput;

public class TextSpreadTests
{
    private const int Known = 100;
    private const int Texts = 60;

    private static readonly SpeculationTuning Tuning = SpeculationTuning.Default;

    [Test]
    public void Texts_that_are_alike_leave_little_to_say_to_a_text_of_its_own([Values(0.1, 0.5, 0.9)] double rate)
    {
        var random = new Random(1);
        Assert.That(Learnt(_ => Enumerable.Range(0, Known).Count(_ => random.NextDouble() < rate)).Trials, Is.EqualTo(Tuning.PriorTrials));
    }

    // A beta distribution of these two rates: 0.6 * 0.4 / 0.25 ^ 2 - 1.
    [Test]
    public void Specialists_are_judged_by_few_ids() =>
        Assert.That(Learnt(text => text % 2 == 0 ? 85 : 35).Trials, Is.EqualTo(2.84).Within(0.8));

    [Test]
    public void A_text_of_which_little_is_known_says_nothing()
    {
        var spread = new TextSpread(1, Tuning);
        spread.Add(0, 50, Known);
        spread.Add(0, 15, 15);
        Assert.That(spread.Trials, Is.EqualTo(Tuning.TextTrials).Within(1e-9));
    }

    [Test]
    public void What_is_known_can_be_taken_over_and_nonsense_cannot()
    {
        TextSpread spread = Learnt(text => text % 2 == 0 ? 85 : 35);
        var other = new TextSpread(1, Tuning);
        Assert.That(other.TryImport(spread.Export()), Is.True);
        Assert.That(other.Trials, Is.EqualTo(spread.Trials));
        Assert.That(other.TryImport([double.NaN, 1, 0.5, 10]), Is.False);
        Assert.That(other.TryImport([1, 1, 1.5, 10]), Is.False);
        Assert.That(other.TryImport([1, 1]), Is.False);
        Assert.That(other.Trials, Is.EqualTo(spread.Trials));
    }

    private static TextSpread Learnt(Func<int, int> right)
    {
        var spread = new TextSpread(1, Tuning);
        for (int text = 0; text < Texts; text++)
            spread.Add(0, right(text), Known);
        return spread;
    }
}
