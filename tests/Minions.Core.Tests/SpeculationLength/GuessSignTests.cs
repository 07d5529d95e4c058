using Minions.Core.SpeculationLength;
using Minions.Core.SpeculationLength.Goodput;

namespace Minions.Core.Tests.SpeculationLength;

public class GuessSignTests
{
    private const int Rounds = 400;

    [Test]
    public void Where_a_sure_guess_goes_with_drafts_that_are_right_it_speaks_for_them()
    {
        GuessSign sign = Learn(new SharedKnowledge(), rows: 2, round => round % 2 == 0);
        sign.Read(Outlook(rows: 2, isSure: true));
        Assert.That(sign.Shift, Is.GreaterThan(0.5));
        sign.Read(Outlook(rows: 2, isSure: false));
        Assert.That(sign.Shift, Is.LessThan(-0.5));
    }

    [Test]
    public void Where_it_does_not_it_says_nothing()
    {
        GuessSign sign = Learn(new SharedKnowledge(), rows: 2, round => round / 2 % 2 == 0);
        sign.Read(Outlook(rows: 2, isSure: true));
        Assert.That(sign.Shift, Is.EqualTo(0).Within(0.2));
    }

    [Test]
    public void Requests_without_a_row_to_spare_have_no_guess_and_take_nothing_away_from_those_that_have()
    {
        var shared = new SharedKnowledge();
        Learn(shared, rows: 2, round => round % 2 == 0);
        var before = new GuessSign(shared);
        before.Read(Outlook(rows: 2, isSure: true));

        GuessSign fastest = Learn(shared, rows: 1, round => true);
        fastest.Read(Outlook(rows: 1, isSure: false));
        Assert.That(fastest.Shift, Is.Zero);

        var after = new GuessSign(shared);
        after.Read(Outlook(rows: 2, isSure: true));
        Assert.That(after.Shift, Is.EqualTo(before.Shift));
    }

    // Every other guess is sure.
    private static GuessSign Learn(SharedKnowledge shared, int rows, Func<int, bool> accepted)
    {
        var sign = new GuessSign(shared);
        for (int round = 0; round < Rounds; round++)
        {
            sign.Read(Outlook(rows, isSure: round % 2 == 0));
            sign.Observe(accepted(round));
            sign.Share(accepted(round));
        }

        return sign;
    }

    private static RoundOutlook Outlook(int rows, bool isSure) => new(100, 100, 1, LeastRows: rows, PlainTokens: isSure ? 1.9 : 1.1);
}
