using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline.PreDrafting;

/// <summary>What drafts are asked for during verifications and in the rounds behind them.</summary>
public class PreDraftTests
{
    private const int Length = 4;

    private static readonly int[] Prompt = [1, 2, 3];

    private readonly TabularTarget _target = new(Tables.Scrambled);
    private readonly List<(int From, int Length)> _asked = [];

    [Test]
    public void A_draft_that_guessed_right_need_not_run_in_its_round()
    {
        SpeculationStatistics statistics = Run([Draft("perfect", Tables.Scrambled)], tokens: 52, stepsAhead: Length + 1).Statistics;

        // The first id comes from the prompt, then ten rounds commit five each; the last id is decoded plainly.
        Assert.That(statistics.Rounds, Is.EqualTo(11));
        Assert.That((statistics.PreDraftedRounds, statistics.WastedPreDraftRounds), Is.EqualTo((9, 0)));
        Assert.That(_asked.Where(asked => asked.Length > 1), Is.EqualTo(new[] { (4, Length) }), "a step asks for one id, a round for all");
        Assert.That(_asked[1..], Is.EqualTo(Enumerable.Range(0, 9 * (Length + 1)).Select(i => (4 + Length + i, 1))), "every id once");
    }

    [Test]
    public void A_draft_that_was_interrupted_goes_on_where_it_was([Range(1, Length + 1)] int steps)
    {
        SpeculationStatistics statistics = Run([Draft("perfect", Tables.Scrambled)], tokens: 52, steps).Statistics;

        Assert.That(statistics.AcceptanceRate, Is.EqualTo(1));
        Assert.That(statistics.PreDraftedRounds, Is.EqualTo(steps == 1 ? 0 : 9), "the first step is only a guess at the target's id");
        Assert.That(_asked.Where(asked => asked.Length > 1).Skip(1), Is.All.Matches<(int From, int Length)>(asked => asked.Length == Length + 1 - steps));
        Assert.That(_asked.Sum(asked => asked.Length), Is.EqualTo(Length + 9 * (Length + 1)), "every id once, and the guesses");
    }

    [Test]
    public void Work_behind_a_wrong_guess_is_dropped()
    {
        var table = Tables.MostlyRight(50, 5);
        SpeculationStatistics plain = Run([new TabularDraft("half", table)], tokens: 60, stepsAhead: 10).Statistics;
        SpeculationStatistics statistics = Run([Draft("half", table)], tokens: 60, stepsAhead: 10).Statistics;

        Assert.That(statistics.AcceptedTokens, Is.EqualTo(plain.AcceptedTokens));
        Assert.That(statistics.WastedPreDraftRounds, Is.Positive);
        Assert.That(statistics.PreDraftedRounds + statistics.WastedPreDraftRounds, Is.LessThan(statistics.Rounds));
    }

    [Test]
    public void Drafts_that_cannot_are_asked_in_their_rounds_only()
    {
        SpeculationStatistics statistics = Run([Draft("perfect", Tables.Scrambled, can: false)], tokens: 40, stepsAhead: 10).Statistics;
        Assert.That((statistics.PreDraftedRounds, statistics.WastedPreDraftRounds), Is.EqualTo((0, 0)));
        Assert.That(_asked, Has.Count.EqualTo(statistics.Rounds - statistics.PlainTokens));
    }

    [Test]
    public void A_draft_that_fails_ahead_is_left_out_and_the_others_keep_what_they_have()
    {
        int calls = 0;
        var shaky = new TabularDraft("shaky", Tables.Scrambled)
        {
            SupportsPreDrafting = true,
            BeforePropose = request => _ = ++calls == 4 ? throw new InvalidOperationException("out of ideas") : request,
        };
        SpeculationStatistics statistics = Run([shaky, Draft("perfect", Tables.Scrambled)], tokens: 52, Length + 1).Statistics;

        Assert.That(statistics.Drafts.Select(draft => draft.Faults), Is.EqualTo(new[] { 1, 0 }));
        Assert.That(statistics.Drafts[0].Rounds, Is.EqualTo(statistics.Drafts[1].Rounds - 1), "it sits out the round behind the fault");
        Assert.That(statistics.PreDraftedRounds, Is.EqualTo(9));
        Assert.That((shaky.OpenSequences, shaky.Misuses), Is.EqualTo((0, 0)));
    }

    [TestCase(-1)]
    [TestCase(Tables.Vocabulary)]
    public void Ids_that_the_target_does_not_know_are_not_proposed(int strange)
    {
        int length = 0;
        SpeculationStatistics statistics = Run([Draft("padded", prefix => (length = prefix.Length) % 7 == 0 ? strange : Tables.Scrambled(prefix))], tokens: 40, 10).Statistics;
        Assert.That(length, Is.Positive);
        Assert.That(statistics.PreDraftedRounds, Is.Positive);
        Assert.That(statistics.AcceptanceRate, Is.EqualTo(1));
    }

    [Test]
    public void A_draft_that_has_no_more_to_say_is_not_asked_again()
    {
        SpeculationStatistics statistics = Run([Draft("brief", prefix => prefix.Length % 7 == 0 ? TabularDraft.Nothing : Tables.Scrambled(prefix))], tokens: 60, 10).Statistics;
        Assert.That(statistics.PreDraftedRounds, Is.Positive);
        Assert.That(_asked.GroupBy(asked => asked).Max(same => same.Count()), Is.LessThanOrEqualTo(2), "once behind a chain and once behind the next");

        _asked.Clear();
        SpeculationStatistics plain = Run([Draft("brief", prefix => prefix.Length % 7 == 0 ? TabularDraft.Nothing : Tables.Scrambled(prefix), can: false)], tokens: 60, 0).Statistics;
        Assert.That(statistics.Drafts, Is.EqualTo(plain.Drafts).UsingPropertiesComparer());
    }

    [Test]
    public void No_step_is_done_for_ids_that_the_end_of_the_text_cuts_off([Range(2, 16)] int tokens)
    {
        Run([Draft("perfect", Tables.Scrambled)], tokens, stepsAhead: 10);
        Assert.That(_asked, Has.All.Matches<(int From, int Length)>(asked => asked.From + asked.Length < Prompt.Length + tokens), "the last id is the target's");
    }

    [Test]
    public async Task Company_ends_work_ahead()
    {
        using SteppedEngine engine = Engine([Draft("perfect", Tables.Scrambled)]);
        Task<GenerationResult> first = engine.Submit(Prompt, new GenerationOptions { MaxOutputTokens = 40 });
        engine.Step(1);
        Assert.That(engine.Step(0), Is.True);
        Task<GenerationResult> second = engine.Submit(Prompt, new GenerationOptions { MaxOutputTokens = 40 });
        Assert.That(engine.Step(0), Is.False);
        while (engine.Step())
        {
        }

        Assert.That((await first).TokenIds, Is.EqualTo((await second).TokenIds));
    }

    [Test]
    public async Task Requests_that_are_not_alone_draft_in_their_rounds_only()
    {
        using SteppedEngine engine = Engine([Draft("perfect", Tables.Scrambled)]);
        Task<GenerationResult>[] runs = [.. Enumerable.Range(0, 2).Select(_ => engine.Submit(Prompt, new GenerationOptions { MaxOutputTokens = 40 }))];
        while (engine.Step())
        {
        }

        Assert.That((await Task.WhenAll(runs)).Select(run => run.Statistics.PreDraftedRounds + run.Statistics.WastedPreDraftRounds), Is.All.Zero);
    }

    private GenerationResult Run(IReadOnlyList<IDraftModel> drafts, int tokens, int stepsAhead)
    {
        _asked.Clear();
        using SteppedEngine engine = Engine(drafts);
        GenerationResult result = engine.Run(Prompt, new GenerationOptions { MaxOutputTokens = tokens }, () => stepsAhead);
        Assert.That(result.TokenIds, Is.EqualTo(_target.Decode(Prompt, tokens)));
        return result;
    }

    private SteppedEngine Engine(IReadOnlyList<IDraftModel> drafts) => new(
        new PipelineComponents { Target = _target, Drafts = drafts, LengthController = new FixedSpeculationLength(Length), LeaveOpen = true },
        new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All }, PreDraft = true });

    private TabularDraft Draft(string name, Func<ReadOnlySpan<int>, int> next, bool can = true) =>
        new(name, next) { SupportsPreDrafting = can, BeforePropose = request => _asked.Add((request.Context.Length, request.Length)) };
}
