using System.Numerics;
using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Economy;

namespace Minions.Core.Tests.Drafting.Economy;

/// <summary>Which drafts are kept, in virtual time: a target run takes 10 ms.</summary>
public class RequestPanelTests
{
    private const double Fast = 0.5;
    private const double Slow = 5;
    private const int RequestsToLearnFrom = 12;

    [Test]
    public void A_slow_draft_that_adds_nothing_is_dropped([Values(1, 2)] int threads)
    {
        VirtualRun run = new VirtualPanel(threads, new(Fast, _ => 3), new(Slow, _ => 3)).Request(200);
        Assert.That(run.Ran(0, ..), Is.EqualTo(1));
        Assert.That(run.Ran(1, 20..), Is.LessThan(0.1));
    }

    [Test]
    public void A_slow_draft_that_pays_for_itself_stays() =>
        Assert.That(new VirtualPanel(1, new(Fast, _ => 0), new(2, _ => 4)).Request(200).Ran(1, ..), Is.EqualTo(1));

    [Test]
    public void Two_equal_drafts_reduce_to_one([Values(1, 2)] int threads)
    {
        VirtualRun run = new VirtualPanel(threads, new(1, Often), new(1, Often)).Request(300);
        Assert.That(run.Ran(0, 50..) + run.Ran(1, 50..), Is.EqualTo(1).Within(0.15));

        static int Often(int length) => Chance(length, 1) % 5;
    }

    [Test]
    public void Two_specialists_both_stay_while_the_text_mixes()
    {
        VirtualRun run = Specialists().Request(400);
        Assert.That(run.Ran(0, ..), Is.GreaterThan(0.9));
        Assert.That(run.Ran(1, ..), Is.GreaterThan(0.9));
    }

    [Test]
    public void A_draft_that_turns_bad_is_dropped_and_comes_back_when_it_is_good_again()
    {
        var panel = new VirtualPanel(1, new(Fast, _ => 1), new(Fast, length => length is > 500 and < 3000 ? 0 : 4));
        VirtualRun run = panel.Request(2500);
        int bad = run.Panels.ToList().FindIndex(set => !DraftSet.Has(set, 1));
        Assert.That(bad, Is.InRange(100, 140), "after 480 ids at 5 a round it turns bad");
        Assert.That(run.Probes, Is.Positive);
        Assert.That(run.Ran(1, bad..(bad + 1000)), Is.LessThan(0.2), "it rests while it is bad");
        Assert.That(run.Ran(1, ^200..), Is.EqualTo(1), "it is back for good");
    }

    [Test]
    public void When_no_draft_is_of_use_none_runs_unless_the_request_forbids_plain_decoding([Values] bool mayBeEmpty)
    {
        VirtualRun run = new VirtualPanel(1, new(2, _ => 0), new(2, _ => 0)).Request(300, mayBeEmpty: mayBeEmpty);
        Assert.That(run.Panels.Skip(50).Count(set => set == 0) / 250.0, mayBeEmpty ? Is.GreaterThan(0.9) : Is.Zero);
    }

    [Test]
    public void The_first_useful_text_after_many_useless_ones_is_noticed()
    {
        var panel = new VirtualPanel(1, new VirtualDraft(Fast, length => length < 1000 ? 0 : 4));
        VirtualRun run = panel.Request(3000);
        Assert.That(run.Ran(0, 100..900), Is.LessThan(0.1));
        Assert.That(run.Ran(0, ^500..), Is.EqualTo(1));
    }

    [Test]
    public void Probes_cost_little([Values(1, 3)] int threads)
    {
        var probed = new VirtualPanel(threads, new(Fast, Usual), new(Slow, Usual), new(Slow, Usual), new(Slow, Usual));
        var alone = new VirtualPanel(threads, new VirtualDraft(Fast, Usual));
        for (int request = 0; request < RequestsToLearnFrom; request++)
            probed.Request(50);
        double learning = probed.Seconds;
        for (int request = 0; request < 40; request++)
        {
            probed.Request(100, promptLength: 300);
            alone.Request(100, promptLength: 300);
        }

        Assert.That(probed.FirstPanel, Is.EqualTo(1));
        Assert.That((probed.Seconds - learning) / alone.Seconds, Is.InRange(1, 1.02));

        static int Usual(int length) => Chance(length, 3) % 5;
    }

    [Test]
    public void New_requests_begin_with_the_panel_that_pays()
    {
        var panel = new VirtualPanel(1, new(Slow, _ => 3), new(Fast, _ => 3));
        for (int request = 0; request < RequestsToLearnFrom; request++)
            panel.Request(40);

        Assert.That(panel.FirstPanel, Is.EqualTo(0b10));
        Assert.That(panel.Request(10).Panels, Has.All.EqualTo(0b10));
    }

    [Test]
    public void A_draft_of_use_in_one_kind_of_request_comes_back_in_it()
    {
        var kind = 0;
        var panel = new VirtualPanel(1, new(1, _ => kind == 0 ? 4 : 0), new(1, _ => kind == 1 ? 4 : 0));
        for (int request = 0; request < 20; request++)
            panel.Request(50);
        Assert.That(panel.FirstPanel, Is.EqualTo(1));

        kind = 1;
        VirtualRun first = panel.Request(100);
        Assert.That(first.Ran(1, ^50..), Is.GreaterThan(0.9));
        for (int request = 0; request < 20; request++)
            panel.Request(50);
        Assert.That(DraftSet.Has(panel.FirstPanel, 1));
    }

    [Test]
    public void New_requests_begin_with_a_draft_that_some_of_them_go_on_with()
    {
        // Every fifth request is the second draft's; on the average it is not worth its time.
        int request = 0;
        var panel = new VirtualPanel(1, new(2, _ => request % 5 == 0 ? 0 : 4), new(2, _ => request % 5 == 0 ? 4 : 0));
        for (; request < 60; request++)
        {
            VirtualRun run = panel.Request(60);
            Assert.That(run.Ran(request % 5 == 0 ? 1 : 0, 20..), Is.GreaterThan(0.9), $"request {request}");
        }

        Assert.That(panel.FirstPanel, Is.EqualTo(0b11));
    }

    [Test]
    public void A_prompt_that_one_draft_held_likeliest_is_that_drafts_from_its_first_round_on([Values(5, 40)] int rounds)
    {
        int request = 0;
        var panel = new VirtualPanel(2, Specialist(0), Specialist(1), Specialist(2));
        for (; request < 60; request++)
        {
            VirtualRun run = panel.Request(rounds);
            if (request < 12)
                continue;

            Assert.That(run.Ran(request % 3, 1..), Is.EqualTo(1), $"request {request}");
            Assert.That(run.Panels.Skip(1).Count(set => BitOperations.PopCount(set) > 1), Is.LessThanOrEqualTo(2 * DraftProbe.Rounds), "but for probes");
        }

        Assert.That(panel.FirstPanel, Is.EqualTo(0b111), "the next prompt may be any one's");

        VirtualDraft Specialist(int kind) => new(Fast, _ => request % 3 == kind ? 3 : 1, () => request % 3 == kind ? 0.3 : 0.1);
    }

    [Test]
    public void A_draft_that_does_not_tell_how_it_held_the_prompt_is_judged_by_its_rounds()
    {
        int request = 0;
        var panel = new VirtualPanel(2, new(Fast, _ => 3, () => 0.4), new(Fast, _ => 1, () => 0.1), new(Fast, length => Chance(length, 3) % 2 * 4));
        for (; request < 12; request++)
            Assert.That(panel.Request(40).Panels.Take(6), Has.All.Matches<ulong>(set => DraftSet.Has(set, 2)), $"request {request}");
    }

    [Test]
    public void A_prompt_that_says_nothing_of_the_text_is_soon_not_listened_to()
    {
        int request = 0;
        var panel = new VirtualPanel(2, new(Fast, _ => 1, () => Chance(request, 7) % 100 / 200.0), new(Fast, _ => 3, () => Chance(request, 8) % 100 / 200.0));
        for (; request < 60; request++)
        {
            VirtualRun run = panel.Request(60);
            if (request >= 20)
                Assert.That(run.Ran(1, 6..), Is.EqualTo(1), $"request {request}");
        }
    }

    [Test]
    public void While_it_is_open_which_draft_is_best_the_panel_wishes_for_an_id_if_that_is_not_dear()
    {
        var panel = new VirtualPanel(2, new(Fast, _ => 2), new(Fast, _ => 2));
        Assert.That(panel.Request(10).Wishes[0], Is.Zero, "what it costs is not known yet");
        Assert.That(panel.Request(30).Wishes, Is.EqualTo(Enumerable.Range(0, 30).Select(round => round < 6 ? 1 : 0)));
        Assert.That(new VirtualPanel(1, new VirtualDraft(Fast, _ => 2)).Request(30).Wishes, Is.All.Zero, "one has nobody to be compared with");

        // A fast draft's id is a twentieth of a target run, a slow one's a half.
        var slow = new VirtualPanel(1, new(Slow, _ => 2), new(Slow, _ => 2));
        slow.Request(10);
        Assert.That(slow.Request(30).Wishes, Is.All.Zero);
    }

    [Test]
    public void A_panel_that_the_length_rule_lets_rest_gives_way_to_one_draft()
    {
        var panel = new VirtualPanel(1, new(Fast, _ => 2), new(Fast, _ => 2), new(Fast, _ => 2));
        VirtualRun run = panel.Request(400, mayBeEmpty: false, rests: running => BitOperations.PopCount(running) > 1);
        Assert.That(run.Panels.Skip(DraftProbe.Rounds).Count(set => BitOperations.PopCount(set) > 1) / 400.0, Is.LessThan(0.1), "but for probes");
        Assert.That(run.Probes, Is.Positive, "none ended would be the last one");
    }

    [Test]
    public void A_panel_that_rests_for_a_sure_guess_stays()
    {
        // Rests are as long as those that make a panel give way where the drafts' time is the reason.
        int round = 0;
        VirtualRun run = Specialists().Request(400, mayBeEmpty: false, rests: _ => round++ % 40 >= 30, forGuess: true);
        Assert.That(run.Ran(0, ..), Is.GreaterThan(0.9));
        Assert.That(run.Ran(1, ..), Is.GreaterThan(0.9));

        VirtualRun gaveWay = Specialists().Request(400, mayBeEmpty: false, rests: _ => round++ % 40 >= 30);
        Assert.That(Math.Min(gaveWay.Ran(0, ..), gaveWay.Ran(1, ..)), Is.LessThan(0.5));
    }

    [Test]
    public void Drafts_that_short_requests_had_no_time_to_drop_are_dropped_by_all_together()
    {
        var panel = new VirtualPanel(1, new(Fast, _ => 3), new(Slow, _ => 0), new(Slow, _ => 0), new(Slow, _ => 0));
        for (int request = 0; request < 30; request++)
            panel.Request(10);
        Assert.That(panel.FirstPanel, Is.EqualTo(1));
    }

    [Test]
    public void The_draft_that_a_panel_gives_way_to_is_the_best_alone([Values(0, 1, 2)] int best)
    {
        int round = 0;
        var panel = new VirtualPanel(1, [.. Enumerable.Range(0, 3).Select(i => new VirtualDraft(Fast, _ => i == best ? 4 : 1))]);
        VirtualRun run = panel.Request(10, mayBeEmpty: false, rests: running => round++ >= 5 && BitOperations.PopCount(running) > 1);
        Assert.That(run.Panels[^1], Is.EqualTo(1ul << best));
    }

    [Test]
    public void A_panel_loses_one_draft_at_a_time() => Gen.Select(Gen.Int[0, 1000], Gen.Double[0.1, 5].Array[3, 6]).Sample(
        (seed, costs) =>
        {
            var panel = new VirtualPanel(2, [.. costs.Select((cost, i) => new VirtualDraft(cost, length => Chance(length / 50, seed + i) % 5))]);
            IReadOnlyList<ulong> panels = panel.Request(80, mayBeEmpty: false).Panels;
            for (int i = 1; i < panels.Count; i++)
                Assert.That(BitOperations.PopCount(panels[i]), Is.GreaterThanOrEqualTo(BitOperations.PopCount(panels[i - 1]) - 1));
        },
        iter: 30);

    [Test]
    public void Decisions_follow_from_the_rounds_alone() => Gen.Select(Gen.Int[0, 1000], Gen.Double[0.1, 5].Array[1, 4], Gen.Int[1, 4]).Sample(
        (seed, costs, threads) =>
        {
            ulong[] once = Panels();
            Assert.That(Panels(), Is.EqualTo(once));

            ulong[] Panels()
            {
                var panel = new VirtualPanel(threads, [.. costs.Select((cost, i) => new VirtualDraft(cost, length => Chance(length / 50, seed + i) % 5))]);
                return [.. Enumerable.Range(0, 4).SelectMany(_ => panel.Request(80).Panels)];
            }
        },
        iter: 30);

    [Test]
    public void Only_drafts_of_the_pipeline_ever_run() => Gen.Select(Gen.Int[0, 1000], Gen.Double[0.1, 5].Array[1, 10], Gen.Bool).Sample(
        (seed, costs, mayBeEmpty) =>
        {
            var panel = new VirtualPanel(2, [.. costs.Select((cost, i) => new VirtualDraft(cost, length => Chance(length / 50, seed + i) % 5))]);
            foreach (ulong set in Enumerable.Range(0, 4).SelectMany(_ => panel.Request(60, mayBeEmpty: mayBeEmpty).Panels))
            {
                Assert.That(set & ~DraftSet.First(costs.Length), Is.Zero);
                Assert.That(set != 0 || mayBeEmpty);
            }
        },
        iter: 30);

    // Each sentence of some ids is one draft's or the other's, so neither alone would do.
    private static VirtualPanel Specialists()
    {
        return new VirtualPanel(2, new(1, length => Kind(length) == 0 ? 4 : 0), new(1, length => Kind(length) == 1 ? 4 : 0));

        static int Kind(int length) => Chance(length / 6, 2) % 2;
    }

    private static int Chance(int position, int seed)
    {
        uint hash = (uint)(seed + 1) * 2654435761u ^ (uint)position * 2246822519u;
        hash = (hash ^ hash >> 15) * 3266489917u;
        return (int)((hash ^ hash >> 13) & 0x7fffffff);
    }
}
