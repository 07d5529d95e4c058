using Minions.Core.SpeculationLength;
using Minions.Core.SpeculationLength.Goodput;

namespace Minions.Core.Tests.SpeculationLength;

public class RoundProspectsTests
{
    private const int Proposed = 4;

    // The vote may cut what a draft goes on to propose, since the others propose something else: the draft cannot know, but the rule does.
    [Test]
    public void What_drafts_go_on_to_propose_counts_as_far_as_it_is_verified()
    {
        double whole = KeptAfter(round => Proposed);
        double half = KeptAfter(round => round % 2 == 0 ? Proposed : 1);
        double none = KeptAfter(round => 1);
        Assert.Multiple(() =>
        {
            Assert.That(whole, Is.EqualTo(1).Within(0.05));
            Assert.That(half, Is.EqualTo(0.5).Within(0.1));
            Assert.That(none, Is.InRange(0.2, 0.3));
        });
    }

    [Test]
    public void What_is_cut_far_behind_says_nothing_of_a_chain_of_one_id()
    {
        Assert.That(KeptAfter(round => 1, length: 1), Is.EqualTo(1).Within(0.05));
        Assert.That(KeptAfter(round => 1, length: 0), Is.EqualTo(1));
        Assert.That(KeptAfter(round => round % 2, length: 1), Is.EqualTo(0.5).Within(0.1), "of two chains one was cut to nothing");
    }

    private static double KeptAfter(Func<int, int> chainLength, int length = Proposed)
    {
        var prospects = new RoundProspects(new SharedKnowledge(), Proposed);
        for (int round = 0; round < 400; round++)
        {
            var observation = new RoundObservation(
                Proposed, chainLength(round), 1, 2, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(10), chainLength(round) + 1, 1, 100, Proposed);
            prospects.Observe(observation);
            prospects.Share(observation);
        }

        prospects.Estimate(Proposed);
        return prospects.Kept(length);
    }
}
