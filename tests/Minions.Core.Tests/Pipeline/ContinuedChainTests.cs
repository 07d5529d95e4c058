using System.Threading.Channels;
using CsCheck;
using Minions.Core.Diagnostics;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.Speculation;

namespace Minions.Core.Tests.Pipeline;

/// <summary>A draft that takes no time goes on where the voted chain ends.</summary>
internal sealed class ContinuedChainTests
{
    private const int Period = 11;

    private static readonly int[] Repeated = [.. Enumerable.Range(0, 2 * Period).Select(i => i % Period)];

    // A text that repeats itself.
    private static readonly Func<ReadOnlySpan<int>, int> Repeating = prefix => prefix.Length % Period;

    [Test]
    public void A_repeated_passage_is_accepted_further_than_the_drafts_go()
    {
        (GenerationResult without, _) = Run(Repeating, [Halting(2)], Plan(4, most: 16), Repeated, 50);
        (GenerationResult with, List<GeneratedToken> tokens) = Run(Repeating, [Halting(2), GoingOn(Repeating)], Plan(4, most: 16), Repeated, 50);

        Assert.That(with.TokenIds, Is.EqualTo(without.TokenIds));
        Assert.That(without.Statistics.TokensPerRound, Is.LessThanOrEqualTo(3));
        Assert.That(with.Statistics.TokensPerRound, Is.GreaterThan(10), "16 ids and the target's own, the end of the text aside");
        DraftStatistics halting = with.Statistics.Drafts[0], goingOn = with.Statistics.Drafts[1];
        Assert.That((halting.ContinuedTokens, goingOn.ContinuedTokens), Is.EqualTo((0, with.Statistics.DraftTokens - halting.ProposedTokens)));
        Assert.That(goingOn.AgreedContinuedTokens, Is.EqualTo(goingOn.ContinuedTokens));
        Assert.That(goingOn.ProposedTokens, Is.Zero, "it had no vote");
        Assert.That(tokens.Select(token => string.Join('+', token.ProposedBy)).Distinct(), Is.EquivalentTo(new[] { "", "halting", "on" }), "who went on is named alone");
    }

    [Test]
    public void The_ngram_draft_goes_on_behind_a_draft_that_stops()
    {
        using var ngram = new NgramDraft();
        (GenerationResult result, _) = Run(Repeating, [Halting(1), ngram], Plan(2, most: 10), Repeated, 50);

        Assert.That(result.Statistics.TokensPerRound, Is.GreaterThan(8));
        Assert.That(result.Statistics.Drafts[1].AgreedContinuedTokens, Is.GreaterThan(20));
    }

    [TestCase(true, true, true, true)]
    [TestCase(false, true, true, false)]
    [TestCase(true, false, true, false)]
    [TestCase(true, true, false, false)]
    public void Only_a_draft_that_says_so_is_free_and_cannot_hang_is_asked(bool continues, bool isFree, bool heeds, bool isAsked)
    {
        int asked = 0;
        var draft = new TabularDraft("on", Repeating)
        {
            ContinuesChains = continues,
            IsFree = isFree,
            HeedsCancellation = heeds,
            BeforePropose = request => asked += request.SupposedTokens > 0 ? 1 : 0,
        };
        Run(Repeating, [draft], Plan(2, most: 6), Repeated, 30);

        Assert.That(asked > 0, Is.EqualTo(isAsked));
    }

    [Test]
    public void It_is_asked_about_the_certain_text_and_the_voted_chain_in_rounds_in_which_it_runs()
    {
        List<int> supposed = [];
        var draft = new TabularDraft("on", prefix => prefix.Length % 2 == 0 ? TabularDraft.Nothing : Repeating(prefix))
        {
            ContinuesChains = true,
            IsFree = true,
            HeedsCancellation = true,
            BeforePropose = request =>
            {
                if (request.SupposedTokens == 0)
                    return;

                Assert.That(request.Context.Span[^request.SupposedTokens..].ToArray(), Is.EqualTo(Enumerable.Range(request.Context.Length - request.SupposedTokens, request.SupposedTokens).Select(i => i % Period)));
                supposed.Add(request.SupposedTokens);
            },
        };
        SpeculationPlan plan = new(3) { MaxChainLength = 6 };
        Run(Repeating, [Halting(3), draft], new ScriptedController { Next = plan with { Drafts = new DraftSet(0b11) } }, Repeated, 30);
        int whenRunning = supposed.Count;
        Run(Repeating, [Halting(3), draft], new ScriptedController { Next = plan with { Drafts = new DraftSet(0b01) } }, Repeated, 30);

        Assert.That(whenRunning, Is.Positive);
        Assert.That(supposed, Has.Count.EqualTo(whenRunning), "a draft that the plan leaves out is left out");
        Assert.That(supposed, Has.All.InRange(1, 3));
    }

    [Test]
    public void The_heaviest_that_knows_what_follows_is_taken()
    {
        // Equal weights at first, so the earliest is asked first; it knows nothing behind the vote.
        var sound = new TabularDraft("sound", Repeating) { ContinuesChains = true, IsFree = true, HeedsCancellation = true };
        var mute = new TabularDraft("mute", _ => TabularDraft.Nothing) { ContinuesChains = true, IsFree = true, HeedsCancellation = true };
        (GenerationResult result, _) = Run(Repeating, [Halting(1), mute, sound], Plan(1, most: 4), Repeated, 30);

        Assert.That(result.Statistics.Drafts.Select(draft => draft.ContinuedTokens > 0), Is.EqualTo(new[] { false, false, true }));
    }

    [Test]
    public void A_fault_behind_the_vote_costs_what_would_have_been_added_and_counts_as_the_drafts([Values] bool isReported)
    {
        var broken = new TabularDraft("broken", Repeating)
        {
            ContinuesChains = true,
            IsFree = true,
            HeedsCancellation = true,
            BeforePropose = request =>
            {
                if (request.SupposedTokens == 0)
                    return;
                if (!isReported)
                    throw new InvalidOperationException("no idea");
                request.Fail(new InvalidOperationException("no idea"));
            },
        };
        (GenerationResult result, _) = Run(Repeating, [Halting(1), broken], Plan(3, most: 9), Repeated, 40);

        Assert.That(result.TokenIds, Is.EqualTo(Enumerable.Range(2 * Period, 40).Select(i => i % Period)));
        Assert.That(result.Statistics.Drafts[1].Faults, Is.InRange(2, 6), "it is tried again, ever more rarely");
        Assert.That(result.Statistics.Drafts[1].ContinuedTokens, Is.Zero);
        Assert.That(result.Statistics.Drafts[1].AgreedTokens, Is.Positive, "its vote counted");
        Assert.That(broken.OpenSequences, Is.Zero);
    }

    [Test]
    public void Chains_are_never_longer_than_allowed() => Gen.Select(Gen.Int[1, 8], Gen.Int[0, 20], Gen.Int[1, 12], Gen.Int[2, 40], Gen.Bool).Sample(
        (length, most, limit, output, isFixed) =>
        {
            ScriptedController controller = Plan(length, most);
            var rounds = new List<(int Chain, int Remaining)>();
            var target = new TabularTarget(Repeating)
            {
                BeforeVerify = request => rounds.Add((request.RowsWanted - 1, 2 * Period + output - (request.Ids.Length - request.RowsWanted + 1))),
            };
            using var engine = new SteppedEngine(
                new PipelineComponents { Target = target, Drafts = [Halting(1), GoingOn(Repeating)], LengthController = controller, LeaveOpen = true },
                new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All, MaxLength = limit } });
            engine.Run(Repeated, new GenerationOptions { MaxOutputTokens = output, SpeculationLength = isFixed ? length : null });

            int allowed = isFixed ? length : Math.Min(Math.Max(length, most), limit);
            Assert.That(rounds.Select(round => round.Chain).Max(), Is.LessThanOrEqualTo(allowed));
            Assert.That(rounds.Where(round => round.Chain > 0).All(round => round.Chain < round.Remaining), "the target adds an id of its own");
        },
        iter: 300);

    [Test]
    public void Text_is_the_targets_own_under_every_rule([Values] SpeculationLengthRule rule) => Gen.Select(
        Gen.Int[0, 1000], Gen.Int[0, Tables.Vocabulary - 1].Array[1, 12], Gen.Int[1, 6], Gen.Int[0, 100], Gen.Int[1, 60]).Sample(
        (seed, prompt, length, percent, output) =>
        {
            var target = new TabularTarget(Tables.Scrambled);
            using var ngram = new NgramDraft(new NgramDraftOptions { MinMatchLength = 1 });
            IDraftModel[] drafts = [new TabularDraft("d", Tables.MostlyRight(percent, seed)), ngram, GoingOn(Tables.MostlyRight(60, seed + 1))];
            ISpeculationLengthController controller = rule switch
            {
                SpeculationLengthRule.Goodput => new GoodputSpeculationLength(),
                SpeculationLengthRule.Trend => new TrendSpeculationLength(),
                _ => new FixedSpeculationLength(length),
            };
            using var engine = new SteppedEngine(new PipelineComponents { Target = target, Drafts = drafts, LengthController = controller, LeaveOpen = true });
            SpeculationStatistics all = engine.Run(prompt, new GenerationOptions { MaxOutputTokens = output }).Statistics;
            GenerationResult result = engine.Run(prompt, new GenerationOptions { MaxOutputTokens = output });

            Assert.That(result.TokenIds, Is.EqualTo(target.Decode(prompt, output)));
            Assert.That(all.CommittedTokens, Is.EqualTo(all.Rounds + all.AcceptedTokens + all.NgramTokens));
        },
        iter: 200);

    // Where rows cost what they bring, nothing is added that does not pay; where they are free, all of it is run.
    [Test]
    public void What_does_not_pay_is_cut([Values(0.0, 0.4, 2.0)] double priceOfRow)
    {
        var controller = new ScriptedController { Next = new SpeculationPlan(2) { MaxChainLength = 8 }, Survival = [.. Enumerable.Range(0, 8).Select(i => Math.Pow(0.7, i + 1))], Price = (rows, _) => priceOfRow * rows };
        (GenerationResult result, _) = Run(Repeating, [Halting(1), GoingOn(Repeating)], controller, Repeated, 60);
        double perRound = (double)result.Statistics.DraftTokens / result.Statistics.Rounds;

        Assert.That(perRound, priceOfRow switch { 0.0 => Is.GreaterThan(6.5), 0.4 => Is.InRange(1.5, 2), _ => Is.LessThanOrEqualTo(1) });
    }

    [Test]
    public void Pre_drafting_goes_on_behind_the_chain_that_is_verified([Values(0, 3)] int steps)
    {
        HashSet<int> begun = [], chains = [];
        var sound = new TabularDraft("sound", Repeating) { SupportsPreDrafting = true, BeforePropose = request => Note(request) };
        var target = new TabularTarget(Repeating) { BeforeVerify = request => chains.Add(request.Ids.Length) };
        using var engine = new SteppedEngine(
            new PipelineComponents { Target = target, Drafts = [sound, GoingOn(Repeating)], LengthController = Plan(2, most: 5), LeaveOpen = true },
            new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All }, PreDraft = true });
        GenerationResult result = engine.Run(Repeated, new GenerationOptions { MaxOutputTokens = 60 }, () => steps);

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode(Repeated, 60)));
        Assert.That(result.Statistics.DraftTokens, Is.GreaterThan(40));
        Assert.That(result.Statistics.PreDraftedRounds, steps > 0 ? Is.Positive : Is.Zero);
        Assert.That(begun.Count > 0, Is.EqualTo(steps > 0));
        Assert.That(begun.IsSubsetOf(chains), "what is supposed first is a chain that was run");

        void Note(DraftRequest request)
        {
            if (request.SupposedTokens == 5)
                begun.Add(request.Context.Length);
        }
    }

    private static ScriptedController Plan(int length, int most) => new() { Next = new SpeculationPlan(length) { MaxChainLength = most } };

    /// <summary>Right as far as it goes.</summary>
    private static TabularDraft Halting(int ids)
    {
        int asked = 0;
        return new TabularDraft("halting", prefix => asked++ < ids ? Repeating(prefix) : TabularDraft.Nothing) { BeforePropose = _ => asked = 0 };
    }

    /// <summary>Has something to say only behind a vote.</summary>
    private static TabularDraft GoingOn(Func<ReadOnlySpan<int>, int> next)
    {
        bool speaks = false;
        return new TabularDraft("on", prefix => speaks ? next(prefix) : TabularDraft.Nothing)
        {
            ContinuesChains = true,
            IsFree = true,
            HeedsCancellation = true,
            Probability = 0.9f,
            BeforePropose = request => speaks = request.SupposedTokens > 0,
        };
    }

    private static (GenerationResult Result, List<GeneratedToken> Tokens) Run(
        Func<ReadOnlySpan<int>, int> text, IReadOnlyList<IDraftModel> drafts, ISpeculationLengthController controller, int[] prompt, int output)
    {
        using var engine = new SteppedEngine(new PipelineComponents { Target = new TabularTarget(text), Drafts = drafts, LengthController = controller, LeaveOpen = true });
        var tokens = Channel.CreateUnbounded<GeneratedToken>();
        Task<GenerationResult> run = engine.Submit(prompt, new GenerationOptions { MaxOutputTokens = output }, tokens.Writer, CancellationToken.None);
        while (engine.Step())
        {
        }

        GenerationResult result = run.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
        List<GeneratedToken> read = [];
        while (tokens.Reader.TryRead(out GeneratedToken token))
            read.Add(token);
        return (result, read);
    }
}
