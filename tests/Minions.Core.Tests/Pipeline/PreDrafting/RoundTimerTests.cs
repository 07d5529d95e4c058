using Microsoft.Extensions.Time.Testing;
using Minions.Core.Pipeline.PreDrafting;

namespace Minions.Core.Tests.Pipeline.PreDrafting;

public class RoundTimerTests
{
    private readonly PreDraftExperiment _trials = new(always: false);
    private readonly FakeTimeProvider _time = new();

    [TestCase(2, true, ExpectedResult = false, TestName = "A first round, which takes the prompt in, is not compared with others")]
    [TestCase(3, true, ExpectedResult = true, TestName = "Rounds of a request alone are compared")]
    [TestCase(3, false, ExpectedResult = false, TestName = "Rounds with company are not compared")]
    public bool Trials_begin(int roundsOfRequest, bool isAlone)
    {
        // Enough rounds make the trials try the other way.
        bool tried = false;
        for (int request = 0; request < 100; request++)
        {
            var timer = new RoundTimer(_trials);
            timer.End(0, isAlone: true, _time);
            for (int round = 1; round < roundsOfRequest; round++)
            {
                tried |= timer.Begin(isAlone);
                _time.Advance(TimeSpan.FromMilliseconds(10));
                timer.End(3, isAlone: true, _time);
            }
        }

        return tried;
    }

    [Test]
    public void A_plain_round_in_between_breaks_the_row()
    {
        var timer = new RoundTimer(_trials);
        for (int round = 0; round < 1000; round++)
        {
            Assert.That(timer.Begin(isAlone: true), Is.False);
            _time.Advance(TimeSpan.FromMilliseconds(10));
            timer.End(3, isAlone: true, _time);
            timer.End(0, isAlone: true, _time);
        }
    }
}
