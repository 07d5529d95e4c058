using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline;

/// <summary>A draft that reads states sees those of committed ids, as far back as is kept, whatever happened before.</summary>
public sealed class StatesInPipelineTests
{
    private readonly List<string> _faults = [];
    private int _looks;

    [SetUp]
    public void Begin()
    {
        _faults.Clear();
        _looks = 0;
    }

    [Test]
    public void A_head_sees_the_states_of_all_committed_ids_but_the_last_one() => Gen.Select(
        Gen.Int[0, 1000], Gen.Int[0, Tables.Vocabulary - 1].Array[1, 200], Gen.Int[1, 8], Gen.Int[0, 100]).Sample(
        (seed, prompt, length, percent) =>
        {
            var target = new TabularTarget(Tables.Scrambled) { GivesStates = true };
            using SteppedEngine engine = Engine(target, Head(percent, seed), new FixedSpeculationLength(length));
            GenerationResult result = engine.Run(prompt, new GenerationOptions { MaxOutputTokens = 40 });

            Assert.That(result.TokenIds, Is.EqualTo(target.Decode(prompt, 40)));
            Assert.That(_faults, Is.Empty);
            Assert.That(_looks, Is.Positive);
        },
        iter: 200,
        threads: 1);

    [Test]
    public void States_outlive_their_request_for_the_one_that_continues_its_text()
    {
        var target = new TabularTarget(Tables.Scrambled) { GivesStates = true, IsReusable = true };
        using SteppedEngine engine = Engine(target, Head(70, 1), new FixedSpeculationLength(3));
        int[] prompt = [.. Enumerable.Range(0, 30).Select(i => i % Tables.Vocabulary)];
        GenerationResult first = engine.Run(prompt, new GenerationOptions { MaxOutputTokens = 20 });
        int[] next = [.. prompt, .. first.TokenIds, 1, 2, 3];
        _looks = 0;

        GenerationResult second = engine.Run(next, new GenerationOptions { MaxOutputTokens = 20 });

        Assert.That(second.Usage.ReusedPromptTokens, Is.GreaterThan(40));
        Assert.That(_faults, Is.Empty);
        Assert.That(_looks, Is.Positive);
        Assert.That(_start, Is.Zero, "rows of the first request are still there");
    }

    [Test]
    public void Behind_a_request_that_did_not_speculate_the_window_begins_with_what_is_run()
    {
        var target = new TabularTarget(Tables.Scrambled) { GivesStates = true, IsReusable = true };
        using SteppedEngine engine = Engine(target, Head(70, 1), new FixedSpeculationLength(3));
        int[] prompt = [.. Enumerable.Range(0, 30).Select(i => i % Tables.Vocabulary)];
        GenerationResult first = engine.Run(prompt, new GenerationOptions { MaxOutputTokens = 20, Speculate = false });

        engine.Run([.. prompt, .. first.TokenIds, 1], new GenerationOptions { MaxOutputTokens = 20 });

        Assert.That(_faults, Is.Empty);
        Assert.That(_start, Is.InRange(40, 60));
    }

    [Test]
    public void No_more_positions_are_kept_than_the_window_has()
    {
        var target = new TabularTarget(Tables.Scrambled) { GivesStates = true };
        using SteppedEngine engine = Engine(target, Head(70, 1), new FixedSpeculationLength(3), window: 64);
        engine.Run([.. Enumerable.Repeat(1, 300)], new GenerationOptions { MaxOutputTokens = 40 });

        Assert.That(_faults, Is.Empty);
        Assert.That(_start, Is.GreaterThan(300 - 64));
    }

    [Test]
    public void Without_a_head_no_states_are_asked_for_and_a_head_without_states_is_refused()
    {
        bool asked = false;
        var target = new TabularTarget(Tables.Scrambled) { GivesStates = true, BeforeVerify = request => asked |= request.States is not null };
        using (SteppedEngine engine = Engine(target, new TabularDraft("draft", Tables.Scrambled), new FixedSpeculationLength(3)))
            engine.Run([1, 2], new GenerationOptions { MaxOutputTokens = 20 });
        Assert.That(asked, Is.False);

        var silent = new PipelineComponents { Target = new TabularTarget(Tables.Scrambled), Drafts = [Head(70, 1)] };
        Assert.That(() => new SpeculativePipeline(silent), Throws.ArgumentException.With.Message.Contains("'head'").And.Message.Contains("gives none").And.Message.Contains("DelegatingTargetVerifier"));
    }

    [Test]
    public void A_head_is_never_pre_drafted()
    {
        var target = new TabularTarget(Tables.Scrambled) { GivesStates = true };
        var head = new TabularDraft("head", Tables.Scrambled) { ReadsStates = true, SupportsPreDrafting = true, BeforePropose = Look };
        using var engine = new SteppedEngine(
            new PipelineComponents { Target = target, Drafts = [head], LengthController = new FixedSpeculationLength(3) }, new PipelineOptions { PreDraft = true });
        GenerationResult result = engine.Run([1, 2], new GenerationOptions { MaxOutputTokens = 40 });

        Assert.That(result.Statistics.PreDraftedRounds, Is.Zero);
        Assert.That(_faults, Is.Empty);
    }

    private int _start;

    private TabularDraft Head(int percent, int seed) => new("head", Tables.MostlyRight(percent, seed)) { ReadsStates = true, BeforePropose = Look };

    private static SteppedEngine Engine(TabularTarget target, IDraftModel draft, ISpeculationLengthController controller, int window = 512) => new(
        new PipelineComponents { Target = target, Drafts = [draft], LengthController = controller }, new PipelineOptions { StateWindow = window });

    private void Look(DraftRequest request)
    {
        _looks++;
        ReadOnlySpan<int> context = request.Context.Span;
        if (request.States is not { } states)
        {
            _faults.Add("no states");
            return;
        }

        _start = states.Start;
        if (states.End != context.Length - 1)
            _faults.Add($"{states.End} states behind {context.Length} ids");
        for (int position = states.Start; position < states.End; position++)
        {
            if (states.Row(position)[0] != position || states.Row(position)[1] != context[position])
                _faults.Add($"the state at {position} is of id {states.Row(position)[1]} at {states.Row(position)[0]}");
        }
    }
}
