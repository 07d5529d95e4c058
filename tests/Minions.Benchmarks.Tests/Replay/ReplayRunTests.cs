using CsCheck;
using Minions.Benchmarks.Replay;

namespace Minions.Benchmarks.Tests.Replay;

public sealed class ReplayRunTests
{
    private static readonly ReplayConditions Conditions = new(IsNoisy: false, WarmUp: 1);

    [Test]
    public void Every_rule_decodes_every_id_but_the_first() => Gen.Int.Sample(
        seed =>
        {
            Recording recording = RandomRecording.Of(seed, 0.8, 0.3);
            return ReplayRule.All.All(rule => Mixed(recording, rule).Tokens == recording.Texts.Sum(text => text.Ids.Length - 1));
        },
        iter: 10);

    [Test]
    public void Plain_decoding_takes_nothing_but_runs_of_the_target() => Gen.Int.Sample(
        seed =>
        {
            Recording recording = RandomRecording.Of(seed, 0.8);
            ReplayRun run = Mixed(recording, ReplayRule.Plain);
            return Math.Abs(run.Milliseconds - run.Rounds * recording.Costs.Runs[0]) < 1e-6;
        },
        iter: 10);

    [Test]
    public void No_static_choice_is_faster_than_the_best() => Gen.Int.Sample(
        seed =>
        {
            Recording recording = RandomRecording.Of(seed, 0.8, 0.3);
            double best = StaticChoice.Best(recording, ReplayCell.Mixed, Conditions).TokensPerMillisecond;
            return ReplayCell.Of(recording).All(cell => ReplayRule.Fixed.All(rule => new ReplayCell(recording, cell.Drafts, Conditions).Run(rule, ReplayCell.Mixed).TokensPerMillisecond <= best));
        },
        iter: 10);

    [Test]
    public void The_best_static_choice_leaves_out_a_draft_that_knows_nothing()
    {
        StaticChoice best = StaticChoice.Best(RandomRecording.Of(1, 0, 0.9), ReplayCell.Mixed, Conditions);

        Assert.That(best.Drafts.Bits, Is.EqualTo(0b10));
        Assert.That(best.ToString(), Is.EqualTo($"2 x {best.Length}"));
    }

    [Test]
    public void A_draft_that_rests_catches_up_at_a_price_when_it_runs_again()
    {
        Recording recording = RandomRecording.Of(1, 0.9, 0.9);
        var cell = new ReplayCell(recording with { Texts = ReplayScenarios.Useless(recording).Texts }, [0, 1], Conditions);
        ReplayRun goodput = cell.Run(ReplayRule.Goodput, ReplayCell.Mixed), plain = cell.Run(ReplayRule.Plain, ReplayCell.Mixed);

        Assert.That(goodput.Milliseconds, Is.GreaterThan(plain.Milliseconds), "probes are not free");
    }

    private static ReplayRun Mixed(Recording recording, ReplayRule rule) =>
        new ReplayCell(recording, [.. Enumerable.Range(0, recording.Drafts.Length)], Conditions).Run(rule, ReplayCell.Mixed);
}
