using Microsoft.Extensions.Time.Testing;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.Pipeline;

namespace Minions.Core.Tests.Drafting;

/// <summary>The panel's decisions in the production stages, on a clock that only the models move.</summary>
public class PanelInPipelineTests
{
    private static readonly int[] Prompt = [1, 2, 3];

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void A_slow_draft_that_adds_nothing_stops_being_run([Values] DraftSelection mode)
    {
        var fast = new TabularDraft("fast", Timed(Tables.MostlyRight(80, 1), milliseconds: 1));
        var slow = new TabularDraft("slow", Timed(Tables.MostlyRight(80, 1), milliseconds: 20));
        using SteppedEngine engine = Engine(mode, fast, slow);

        SpeculationStatistics first = Run(engine, 300).Statistics;
        Assert.That(first.Drafts[0].SkippedRounds, Is.Zero);
        Assert.That(first.Drafts[0].Rounds, Is.EqualTo(first.Rounds - first.PlainTokens));
        if (mode == DraftSelection.All)
        {
            Assert.That((first.Drafts[1].SkippedRounds, first.Drafts[1].Probes), Is.EqualTo((0, 0)));
            Assert.That(slow.Proposals, Is.EqualTo(fast.Proposals));
        }
        else
        {
            Assert.That(first.Drafts[1].SkippedRounds, Is.GreaterThan(first.Rounds / 2));
            Assert.That(slow.Proposals, Is.EqualTo(first.Drafts[1].Rounds + first.Drafts[1].Probes));
        }
    }

    [Test]
    public void A_draft_that_does_not_pay_has_no_vote_in_later_requests()
    {
        var fast = new TabularDraft("fast", Timed(Tables.MostlyRight(80, 1), milliseconds: 1));
        var slow = new TabularDraft("slow", Timed(Tables.MostlyRight(80, 1), milliseconds: 20));
        using SteppedEngine engine = Engine(DraftSelection.Auto, fast, slow);
        for (int request = 0; request < 12; request++)
            Run(engine, 60);

        int proposals = slow.Proposals;
        SpeculationStatistics late = Run(engine, 40).Statistics;
        Assert.That(slow.Proposals - proposals, Is.LessThanOrEqualTo(1), "a probe at most");
        Assert.That(late.Drafts[1].SkippedRounds, Is.EqualTo(late.Rounds - late.PlainTokens));
    }

    [Test]
    public void Useless_drafts_end_in_plain_decoding_unless_a_length_was_asked_for([Values] bool asked)
    {
        var useless = new TabularDraft("useless", Timed(Tables.MostlyRight(0, 7), milliseconds: 5));
        using SteppedEngine engine = Engine(DraftSelection.Auto, useless);
        SpeculationStatistics statistics = Run(engine, 200, length: asked ? 3 : null).Statistics;
        Assert.That(statistics.PlainTokens, asked ? Is.LessThanOrEqualTo(1) : Is.GreaterThan(100), "the last id of a text needs no draft");
    }

    private GenerationResult Run(SteppedEngine engine, int tokens, int? length = null, int[]? prompt = null)
    {
        prompt ??= Prompt;
        GenerationResult result = engine.Run(prompt, new GenerationOptions { MaxOutputTokens = tokens, SpeculationLength = length });
        Assert.That(result.TokenIds, Is.EqualTo(new TabularTarget(Tables.Scrambled).Decode(prompt, tokens)));
        return result;
    }

    private SteppedEngine Engine(DraftSelection mode, params IDraftModel[] drafts) => new(
        new PipelineComponents { Target = Target(), Drafts = drafts, LengthController = new FixedSpeculationLength(4), LeaveOpen = true },
        new PipelineOptions { Speculation = { DraftSelection = mode } },
        _time);

    private TabularTarget Target() => new(Tables.Scrambled) { BeforeVerify = _ => _time.Advance(TimeSpan.FromMilliseconds(10)) };

    private Func<ReadOnlySpan<int>, int> Timed(Func<ReadOnlySpan<int>, int> next, int milliseconds) => prefix =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return next(prefix);
    };
}
