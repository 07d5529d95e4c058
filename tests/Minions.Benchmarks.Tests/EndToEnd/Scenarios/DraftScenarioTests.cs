using CsCheck;
using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Benchmarks.EndToEnd.Scenarios;
using Minions.Benchmarks.Micro;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Benchmarks.Tests.EndToEnd.Scenarios;

public sealed class DraftScenarioTests
{
    private const string Name = "draft-a";

    [TestCase("useless")]
    [TestCase("slow")]
    [TestCase("perfect")]
    public void A_stand_in_has_the_place_of_the_draft_it_replaces_and_leaves_that_open(string scenario)
    {
        var replaced = new ScriptedDraft(_ => 0);
        IDraftModel draft = StandIn(scenario, replaced, [0]);
        draft.Dispose();

        Assert.That((draft.Name, draft.ContextLength, draft.MaxBatchSize), Is.EqualTo((replaced.Name, replaced.ContextLength, replaced.MaxBatchSize)));
    }

    [TestCase("useless")]
    [TestCase("slow")]
    [TestCase("perfect")]
    public void Every_request_of_a_batch_gets_a_proposal(string scenario)
    {
        IDraftModel draft = StandIn(scenario, new ScriptedDraft(request => request.Length), [.. Enumerable.Range(0, 64)]);
        DraftRound.Any.Array[1, 5].Sample(rounds =>
        {
            DraftRequest[] batch = [.. rounds.Select(round => (round with { MinimumConfidence = 0 }).Open(draft))];
            draft.Propose(batch, CancellationToken.None);
            return batch.All(request => request.Fault is null && request.Proposal.Count == request.Length);
        });
    }

    [Test]
    public void An_id_of_a_slow_draft_takes_two_target_steps_longer()
    {
        TimeSpan step = TimeSpan.FromMilliseconds(3);
        var draft = (SlowDraft)DraftScenario.Slow.Replace(new ScriptedDraft(_ => 0), Facts([0]) with { TargetStep = step });

        Assert.That(draft.Delay, Is.EqualTo(2 * step));
    }

    [TestCase(1)]
    [TestCase(3)]
    public async Task In_a_pipeline_perfect_ids_are_all_accepted_and_useless_ones_change_no_text(int drafts)
    {
        GenerationResult own = await GenerateAsync([]);
        GenerationResult perfect = await GenerateAsync(StandIns("perfect"));
        GenerationResult useless = await GenerateAsync(StandIns("useless"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(perfect.TokenIds, Is.EqualTo(own.TokenIds));
            Assert.That(useless.TokenIds, Is.EqualTo(own.TokenIds));
            Assert.That(perfect.Statistics.AcceptanceRate, Is.EqualTo(1));
            Assert.That(perfect.Statistics.Rounds, Is.EqualTo(10), "89 ids, nine a round");
            Assert.That(useless.Statistics.AcceptanceRate, Is.LessThan(0.5));
        }

        IEnumerable<IDraftModel> StandIns(string scenario) =>
            Enumerable.Range(0, drafts).Select(i => StandIn(scenario, new InstantDraft($"draft-{(char)('a' + i)}"), [5, .. own.TokenIds]));
    }

    private static async Task<GenerationResult> GenerateAsync(IEnumerable<IDraftModel> drafts)
    {
        // Beside a target that takes no time no draft would pay.
        await using var pipeline = new SpeculativePipeline(
            new PipelineComponents { Target = new InstantTarget(), Drafts = [.. drafts], LengthController = new FixedSpeculationLength(8) },
            new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });
        return await pipeline.GenerateAsync([5], new GenerationOptions { MaxOutputTokens = 90 });
    }

    private static IDraftModel StandIn(string scenario, IDraftModel replaced, int[] text) =>
        ArmCatalogue.Parse(scenario, new LoadedVoters([], [Name], Ngram: false))[0].Scenario!.Replace(replaced, Facts(text));

    private static ScenarioFacts Facts(int[] text) => new(
        InstantText.Vocabulary,
        TimeSpan.Zero,
        new[] { "scripted", Name, "draft-b", "draft-c" }.ToDictionary(name => name, _ => new[] { 0.9f }),
        new ReferenceTexts([text]));
}
