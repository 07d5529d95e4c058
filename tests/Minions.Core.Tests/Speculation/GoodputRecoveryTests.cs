using Minions.Core.Drafting;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation;

/// <summary>How fast the length follows a text that changes.</summary>
public class GoodputRecoveryTests
{
    private const int Part = 1500;

    // What the rule promises: the way up begins with a try, which dear drafts make rarer. On the way down what counts is the time lost: a
    // length that costs next to nothing, since drafts stop early and chains are cut, may stay.
    private const int RoundsUp = 60;
    private const int RoundsDown = 100;
    private const double LeastShareAfterTurning = 0.93;

    private static readonly VirtualMachine[] Machines = [VirtualMachine.Flat, VirtualMachine.Flat with { Step = 1e-3 }, VirtualMachine.Steep];

    [Test]
    public void The_length_follows_a_text_that_turns_predictable_and_back([Values(0, 1, 2)] int machine, [Values] bool sure)
    {
        VirtualText hard = sure ? VirtualText.Sure(Part, right: false) : VirtualText.Unsure(3, Part, 0.02);
        VirtualText easy = sure ? VirtualText.Sure(Part, right: true) : VirtualText.Unsure(4, Part, 0.95);
        var decoding = new VirtualDecoding(new GoodputSpeculationLength(), Machines[machine]);
        decoding.Run(hard.Then(easy).Then(hard), requestLength: int.MaxValue / 2);

        int up = RoundsUntil(decoding, Part, length => length >= 6);
        int down = RoundsUntil(decoding, 2 * Part, length => length <= 3);
        double share = decoding.GoodputFrom(2 * Part) / VirtualDecoding.BestFixed(hard, Machines[machine], int.MaxValue / 2);
        TestContext.Out.WriteLine($"rounds until the length follows: up {up}, down {down}; speed from there on, the turn included: {share:0.000} of the best fixed length");
        Assert.That(up, Is.LessThanOrEqualTo(RoundsUp));
        Assert.That(down, Is.LessThanOrEqualTo(RoundsDown));
        Assert.That(share, Is.GreaterThanOrEqualTo(LeastShareAfterTurning));
    }

    [Test]
    public void A_new_request_starts_from_what_others_learnt()
    {
        var controller = new GoodputSpeculationLength();
        new VirtualDecoding(controller, VirtualMachine.Flat).Run(VirtualText.Sure(1000, right: true));
        int afterGoodDrafts = LengthOfNext(controller);

        controller = new GoodputSpeculationLength();
        new VirtualDecoding(controller, VirtualMachine.Flat with { Step = 6e-3 }).Run(VirtualText.Unsure(1, 1000, 0.05));
        int afterBadDrafts = LengthOfNext(controller);

        Assert.That(afterGoodDrafts, Is.GreaterThanOrEqualTo(12));
        Assert.That(afterBadDrafts, Is.Zero);
    }

    private static int LengthOfNext(GoodputSpeculationLength controller) =>
        controller.OpenRequest(new SpeculationLimits { Maximum = 16, Drafts = 1 })
            .Plan(new RoundOutlook { ContextLength = 50, Remaining = 100, Drafts = DraftSet.First(1) }).Length;

    private static int RoundsUntil(VirtualDecoding decoding, int position, Predicate<int> follows)
    {
        List<(int Position, int Length)> rounds = decoding.Lengths;
        int change = rounds.FindIndex(round => round.Position >= position);

        // A single try is no change of mind: three rounds in a row are.
        for (int i = change; i + 2 < rounds.Count; i++)
        {
            if (follows(rounds[i].Length) && follows(rounds[i + 1].Length) && follows(rounds[i + 2].Length))
                return i - change;
        }

        return int.MaxValue;
    }
}
