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
            Assert.That(slow.Proposals, Is.EqualTo(first.Drafts[1].Rounds));
        }
    }

    [Test]
    public void A_draft_that_does_not_pay_is_not_even_opened_for_later_requests()
    {
        var fast = new TabularDraft("fast", Timed(Tables.MostlyRight(80, 1), milliseconds: 1));
        var slow = new TabularDraft("slow", Timed(Tables.MostlyRight(80, 1), milliseconds: 20));
        using SteppedEngine engine = Engine(DraftSelection.Auto, fast, slow);
        for (int request = 0; request < 12; request++)
            Run(engine, 60);

        int proposals = slow.Proposals;
        SpeculationStatistics late = Run(engine, 40).Statistics;
        Assert.That(slow.Proposals, Is.EqualTo(proposals));
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

    [Test]
    public void The_length_controller_hears_how_many_drafts_will_run()
    {
        var fast = new TabularDraft("fast", Timed(Tables.MostlyRight(80, 1), milliseconds: 1));
        var slow = new TabularDraft("slow", Timed(Tables.MostlyRight(80, 1), milliseconds: 20));
        var controller = new Eavesdropper();
        using var engine = new SteppedEngine(
            new PipelineComponents { Target = Target(), Drafts = [fast, slow], LengthController = controller, LeaveOpen = true },
            new PipelineOptions { Speculation = { DraftSelection = DraftSelection.Auto } },
            _time);
        GenerationResult result = Run(engine, 200);
        Assert.That(controller.Drafts.Sum(), Is.GreaterThanOrEqualTo(fast.Proposals + slow.Proposals));
        Assert.That(controller.Drafts, Has.Count.EqualTo(result.Statistics.Rounds));
        Assert.That(controller.Drafts.Distinct(), Is.EquivalentTo(new[] { 1, 2 }));
    }

    [Test]
    public void The_prompt_says_which_draft_goes_on_with_it_and_is_judged_once()
    {
        int[] prompt = [.. Enumerable.Range(1, 20)];
        int request = 0;
        List<int> judged = [];
        using SteppedEngine engine = Engine(DraftSelection.Auto, Reader(0), Reader(1));
        for (; request < 12; request++)
        {
            SpeculationStatistics statistics = Run(engine, 40, prompt: prompt).Statistics;
            Assert.That(judged, Is.EqualTo(new[] { prompt.Length + 1, prompt.Length + 1 }), "behind the target's first id");
            judged.Clear();
            if (request < 4)
                continue;

            Assert.That(statistics.Drafts[request % 2].SkippedRounds, Is.Zero, $"request {request}");
            Assert.That(statistics.Drafts[1 - request % 2].Rounds, Is.LessThanOrEqualTo(1 + 4 * statistics.Drafts[1 - request % 2].Probes), "but for probes");
        }

        TabularDraft Reader(int kind) => new($"reader{kind}", Timed(prefix => Tables.MostlyRight(request % 2 == kind ? 90 : 30, 1)(prefix), milliseconds: 1))
        {
            BeforePropose = asked =>
            {
                if (asked.TokensToScore > 0)
                    judged.Add(asked.Context.Length);
                for (int i = 0; i < asked.TokensToScore; i++)
                    asked.Score(agrees: false, request % 2 == kind ? 0.5f : 0.1f);
            },
        };
    }

    [Test]
    public void The_length_controller_hears_that_two_drafts_are_to_be_compared([Values] DraftSelection mode)
    {
        var controller = new Eavesdropper();
        using var engine = new SteppedEngine(
            new PipelineComponents
            {
                Target = Target(),
                Drafts = [new TabularDraft("one", Timed(Tables.MostlyRight(80, 1), milliseconds: 1)), new TabularDraft("two", Timed(Tables.MostlyRight(80, 2), milliseconds: 1))],
                LengthController = controller,
                LeaveOpen = true,
            },
            new PipelineOptions { Panel = mode },
            _time);
        Run(engine, 60);
        int before = controller.Wishes.Count;
        Run(engine, 60);
        int[] wishes = [.. controller.Wishes.Skip(before)];
        Assert.That(wishes[0], Is.EqualTo(mode == DraftSelection.Auto ? 1 : 0));
        Assert.That(wishes.Skip(6), Is.All.Zero);
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
        new PipelineOptions { Panel = mode },
        _time);

    private TabularTarget Target() => new(Tables.Scrambled) { BeforeVerify = _ => _time.Advance(TimeSpan.FromMilliseconds(10)) };

    private Func<ReadOnlySpan<int>, int> Timed(Func<ReadOnlySpan<int>, int> next, int milliseconds) => prefix =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return next(prefix);
    };

    private sealed class Eavesdropper : ISpeculationLengthController, ISpeculationLengthPlanner
    {
        public List<int> Drafts { get; } = [];

        public List<int> Wishes { get; } = [];

        public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => this;

        public SpeculationPlan Plan(in RoundOutlook outlook)
        {
            Drafts.Add(outlook.Drafts);
            Wishes.Add(outlook.WishedLength);
            return new SpeculationPlan(3);
        }

        public void Observe(in RoundObservation round)
        {
        }
    }
}
