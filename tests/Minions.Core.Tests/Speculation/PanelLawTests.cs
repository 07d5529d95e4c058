using Minions.Core.Drafting;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation;

/// <summary>What the choice of drafts promises, in virtual time: as good as the best set and length in hindsight.</summary>
internal sealed class PanelLawTests
{
    private const int WarmUp = 1024;
    private const int Measured = 6144;
    private const int Request = 128;
    private const double LeastShare = 0.97;

    // Nothing changes from request to request here, and each has 128 ids to find out by: what choosing by few ids costs is the price for specialists.
    private const double LeastShareOfStatic = 0.95;

    private static readonly VirtualMachine Machine = VirtualMachine.Flat with { Step = 0.45e-3, Overlap = 0.6, CatchUp = 0.05 };

    private static IEnumerable<TestCaseData> Panels()
    {
        foreach (bool scores in new[] { true, false })
        {
            yield return Panel("one", Machine, seed => Unsure(seed, 0.7));
            yield return Panel("two that differ", Machine, seed => Together(seed, 0.8, 0.5));
            yield return Panel("one much slower", Machine with { Slowness = [1, 8] }, seed => Together(seed, 0.6, 0.75));
            yield return Panel("the slow one first", Machine with { Slowness = [8, 1, 1] }, seed => Together(seed, 0.7, 0.7, 0.3));
            yield return Panel("like-minded", Machine, seed => VirtualText.Together(Unsure(seed, 0.7), Alike(seed, 0.7, 1), Alike(seed, 0.7, 2)));
            yield return Panel("that complete each other for little", Machine with { Overlap = 0.05 }, seed => Together(seed, 0.55, 0.55, 0.55));
            yield return Panel("useless among good", Machine, seed => Together(seed, 0.02, 0.75, 0.02));
            yield return Panel("six", Machine, seed => Together(seed, 0.3, 0.5, 0.75, 0.6, 0.02, 0.7));
            yield return Panel("six, slow and fast", Machine with { Slowness = [6, 1, 3, 1, 2, 1] }, seed => Together(seed, 0.9, 0.5, 0.8, 0.6, 0.7, 0.1));

            TestCaseData Panel(string name, VirtualMachine machine, Func<int, VirtualText> text) =>
                new TestCaseData(machine, text, scores).SetArgDisplayNames(name, scores ? "that score" : "that cannot score");
        }
    }

    [TestCaseSource(nameof(Panels))]
    public void The_best_set_and_length_in_hindsight_are_met(VirtualMachine machine, Func<int, VirtualText> texts, bool scores)
    {
        VirtualText text = texts(1);
        VirtualDecoding decoding = Warm(machine, texts(2), scores).Run(text, Request);
        (double best, DraftSet set) = BestStatic(machine, text);
        TestContext.Out.WriteLine($"{decoding.Goodput / best:0.000} of the best static choice, set {set.Bits:b}");
        Assert.That(decoding.Goodput / best, Is.GreaterThanOrEqualTo(LeastShareOfStatic));
    }

    // Which draft knows a text differs from request to request, so any fixed choice is wrong in half of them.
    [Test]
    public void Specialists_do_better_than_any_fixed_choice([Values] bool scores, [Values(2, 4)] int drafts)
    {
        VirtualText text = Specialists(1, drafts, Measured / Request);
        VirtualDecoding decoding = Warm(Machine, Specialists(2, drafts, WarmUp / Request), scores).Run(text, Request);
        double share = decoding.Goodput / BestStatic(Machine, text).Goodput;
        TestContext.Out.WriteLine($"{share:0.000} of the best static choice");
        Assert.That(share, Is.GreaterThanOrEqualTo(1.0));
    }

    [Test]
    public void Useless_and_slow_drafts_cost_at_most_three_percent([Values] bool scores, [Values(1, 3, 6)] int drafts, [Values] bool slow)
    {
        VirtualMachine machine = slow ? Machine with { Slowness = [.. Enumerable.Repeat(30.0, drafts)] } : Machine;
        double[] chances = [.. Enumerable.Repeat(slow ? 0.9 : 0.02, drafts)];
        VirtualText text = Together(1, chances);
        VirtualDecoding decoding = Warm(machine, Together(2, chances), scores).Run(text, Request);
        Assert.That(decoding.Goodput * machine.Plain, Is.GreaterThanOrEqualTo(LeastShare));
    }

    // Each draft that rests has to catch up when it is looked at: the more of them there are, the less the share of time for probes suffices.
    [TestCase(true, 2, 100)]
    [TestCase(false, 2, 100)]
    public void A_draft_that_becomes_good_within_a_text_is_found(bool scores, int drafts, int mostRounds)
    {
        const int part = 1500;
        VirtualText early = Together(1, [.. Enumerable.Repeat(0.5, drafts - 1), 0.02], part);
        VirtualText late = Together(2, [.. Enumerable.Repeat(0.5, drafts - 1), 0.95], part);
        VirtualDecoding decoding = Warm(Machine, Together(3, [.. Enumerable.Repeat(0.5, drafts - 1), 0.02]), scores).Run(early.Then(late), int.MaxValue / 2);

        int change = decoding.Lengths.FindIndex(round => round.Position >= part);
        int found = decoding.Sets.FindIndex(change, set => set.Contains(drafts - 1)) - change;
        TestContext.Out.WriteLine($"found after {found} rounds");
        Assert.That(found, Is.InRange(0, mostRounds));
        double share = decoding.GoodputFrom(part + part * 2 / 3) / VirtualDecoding.BestFixed(late.Only(new DraftSet(1ul << drafts - 1)), Machine, int.MaxValue / 2);
        Assert.That(share, Is.GreaterThanOrEqualTo(0.9));
    }

    private static VirtualDecoding Warm(VirtualMachine machine, VirtualText text, bool scores) =>
        new VirtualDecoding(new GoodputSpeculationLength(), machine, text.Drafts.Count) { DraftsScore = scores }.Run(text.First(WarmUp), Request);

    private static (double Goodput, DraftSet Set) BestStatic(VirtualMachine machine, VirtualText text)
    {
        (double Goodput, DraftSet Set) best = default;
        for (ulong bits = 1; bits < 1ul << text.Drafts.Count; bits++)
        {
            // More than three at once, other than all, are never the best of these.
            var set = new DraftSet(bits);
            if (set.Count > 3 && set.Count < text.Drafts.Count)
                continue;

            VirtualText some = text.Only(set);
            VirtualMachine fewer = machine.Only(set);
            for (int length = 0; length <= 12; length += length < 6 ? 1 : 2)
            {
                double goodput = VirtualDecoding.GoodputOf(length, some, fewer, Request);
                best = goodput > best.Goodput ? (goodput, set) : best;
            }
        }

        return best;
    }

    private static VirtualText Unsure(int seed, double chance, int length = Measured) => VirtualText.Unsure(seed, length, chance);

    private static VirtualText Together(int seed, params double[] chances) => Together(seed, chances, Measured);

    private static VirtualText Together(int seed, double[] chances, int length) =>
        VirtualText.Together(chances.Select((chance, i) => Unsure(seed * 100 + i, chance, length)));

    // Right and wrong with the draft of that seed in nine places of ten.
    private static VirtualText Alike(int seed, double chance, int number)
    {
        VirtualGuesses other = Unsure(seed, chance).Drafts[0];
        var random = new Random(seed * 10 + number);
        return new VirtualText([other with { IsRight = [.. other.IsRight.Select(isRight => random.Next(10) > 0 ? isRight : random.NextDouble() < chance)] }]);
    }

    private static VirtualText Specialists(int seed, int drafts, int requests)
    {
        VirtualText Part(int request) => VirtualText.Together(
            Enumerable.Range(0, drafts).Select(i => Unsure(seed * 10_000 + request * 10 + i, request % drafts == i ? 0.85 : 0.35, Request)));

        VirtualText text = Part(0);
        for (int request = 1; request < requests; request++)
            text = text.Then(Part(request));
        return text;
    }
}
