using Microsoft.Extensions.Time.Testing;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.Pipeline;

namespace Minions.Core.Tests.Drafting;

/// <summary>What comes of the choice of drafts in the production stages, on a clock that only the models move.</summary>
public class PanelInPipelineTests
{
    private static readonly int[] Prompt = [1, 2, 3];

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void A_slow_draft_that_adds_nothing_stops_being_run([Values] DraftSelection mode, [Values] bool fixedLength)
    {
        var fast = new TabularDraft("fast", Timed(Tables.MostlyRight(80, 1), milliseconds: 1));
        var slow = new TabularDraft("slow", Timed(Tables.MostlyRight(80, 1), milliseconds: 20));
        using SteppedEngine engine = Engine(mode, fixedLength ? new FixedSpeculationLength(4) : new GoodputSpeculationLength(), fast, slow);

        SpeculationStatistics first = Run(engine, 400).Statistics;
        int drafted = first.Rounds - first.PlainTokens;
        if (mode == DraftSelection.All)
        {
            Assert.That(first.Drafts.Select(draft => (draft.SkippedRounds, draft.Probes)), Is.All.EqualTo((0, 0)));
            Assert.That(slow.Proposals, Is.EqualTo(fast.Proposals));
        }
        else
        {
            Assert.That(first.Drafts[0].SkippedRounds, Is.LessThan(drafted / 10));
            Assert.That(first.Drafts[1].SkippedRounds, Is.GreaterThan(drafted * 8 / 10));
            Assert.That(slow.Proposals, Is.EqualTo(first.Drafts[1].Rounds + first.Drafts[1].Probes));
        }
    }

    [Test]
    public void A_draft_that_does_not_pay_hardly_runs_in_later_requests()
    {
        var fast = new TabularDraft("fast", Timed(Tables.MostlyRight(80, 1), milliseconds: 1));
        var slow = new TabularDraft("slow", Timed(Tables.MostlyRight(80, 1), milliseconds: 20));
        using SteppedEngine engine = Engine(DraftSelection.Auto, new FixedSpeculationLength(4), fast, slow);
        for (int request = 0; request < 12; request++)
            Run(engine, 60);

        (int proposals, int rounds) = (slow.Proposals, fast.Proposals);
        for (int request = 0; request < 12; request++)
            Run(engine, 60);
        Assert.That(slow.Proposals - proposals, Is.LessThan((fast.Proposals - rounds) / 50));
    }

    [Test]
    public void Useless_drafts_end_in_plain_decoding_unless_a_length_was_asked_for([Values] bool asked)
    {
        TabularDraft[] useless = [.. Enumerable.Range(1, 2).Select(i => new TabularDraft($"useless{i}", Timed(Tables.MostlyRight(0, i), milliseconds: 5)))];
        using SteppedEngine engine = Engine(DraftSelection.Auto, new GoodputSpeculationLength(), useless);
        SpeculationStatistics statistics = Run(engine, 200, length: asked ? 3 : null).Statistics;
        Assert.That(statistics.PlainTokens, asked ? Is.LessThanOrEqualTo(1) : Is.GreaterThan(100), "the last id of a text needs no draft");
    }

    [Test]
    public void The_planner_hears_of_every_run_of_a_draft([Values] DraftSelection mode)
    {
        TabularDraft[] drafts =
        [
            new("fast", Timed(Tables.MostlyRight(80, 1), milliseconds: 1)),
            new("slow", Timed(Tables.MostlyRight(80, 1), milliseconds: 20)),
            new("other", Timed(Tables.MostlyRight(60, 2), milliseconds: 1)),
        ];
        var controller = new Eavesdropper(drafts.Length);
        using SteppedEngine engine = Engine(mode, controller, drafts);
        GenerationResult result = Run(engine, 200);
        Assert.That(controller.Runs, Is.EqualTo(drafts.Select(draft => draft.Proposals)));
        Assert.That(controller.Proposed, Is.EqualTo(result.Statistics.Drafts.Select((draft, i) => draft.ProposedTokens + draft.Probes)));
    }

    // Which draft knows a text differs from request to request; one that has rested tells what it would have chosen.
    [Test]
    public void The_draft_that_knows_a_text_is_found([Values] bool fixedLength)
    {
        int request = 0;
        using SteppedEngine engine = Engine(DraftSelection.Auto, fixedLength ? new FixedSpeculationLength(4) : new GoodputSpeculationLength(), Reader(0), Reader(1));
        int knowing = 0, all = 0;
        for (; request < 16; request++)
        {
            SpeculationStatistics statistics = Run(engine, 120).Statistics;
            if (request < 4)
                continue;

            knowing += statistics.Drafts[request % 2].Rounds;
            all += statistics.Drafts[0].Rounds + statistics.Drafts[1].Rounds;
        }

        Assert.That((double)knowing / all, Is.GreaterThan(0.75));

        TabularDraft Reader(int kind)
        {
            Func<ReadOnlySpan<int>, int> choice = prefix => Tables.MostlyRight(request % 2 == kind ? 90 : 20, kind + 1)(prefix);
            return new($"reader{kind}", Timed(choice, milliseconds: 1))
            {
                BeforePropose = asked =>
                {
                    ReadOnlySpan<int> text = asked.Context.Span;
                    for (int place = text.Length - asked.TokensToScore; place < text.Length; place++)
                        asked.Score(choice(text[..place]) == text[place]);
                },
            };
        }
    }

    private GenerationResult Run(SteppedEngine engine, int tokens, int? length = null)
    {
        GenerationResult result = engine.Run(Prompt, new GenerationOptions { MaxOutputTokens = tokens, SpeculationLength = length });
        Assert.That(result.TokenIds, Is.EqualTo(new TabularTarget(Tables.Scrambled).Decode(Prompt, tokens)));
        return result;
    }

    private SteppedEngine Engine(DraftSelection mode, ISpeculationLengthController controller, params IDraftModel[] drafts) => new(
        new PipelineComponents { Target = Target(), Drafts = drafts, LengthController = controller, LeaveOpen = true },
        new PipelineOptions { Speculation = { DraftSelection = mode } },
        _time);

    private TabularTarget Target() => new(Tables.Scrambled) { BeforeVerify = _ => _time.Advance(TimeSpan.FromMilliseconds(10)) };

    private Func<ReadOnlySpan<int>, int> Timed(Func<ReadOnlySpan<int>, int> next, int milliseconds) => prefix =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return next(prefix);
    };

    /// <summary>Three ids a round, whatever it hears.</summary>
    private sealed class Eavesdropper(int drafts) : ISpeculationLengthController, ISpeculationLengthPlanner
    {
        public int[] Runs { get; } = new int[drafts];

        public int[] Proposed { get; } = new int[drafts];

        public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => this;

        public SpeculationPlan Plan(in RoundOutlook outlook) => new(3);

        public void Observe(SpeculationRound round)
        {
            for (int i = 0; i < drafts; i++)
            {
                Runs[i] += round.Running.Union(round.Plan.Probes).Contains(i) ? 1 : 0;
                Proposed[i] += round.Drafts[i].Proposed;
            }
        }
    }
}
