using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Verification;

namespace Minions.Core.Tests.EndToEnd;

/// <summary>
/// The promise on real models, on a few prompts a kind; the benchmark project's <c>exactness</c> command holds it over all of them.
/// </summary>
[TestFixture("family", 2)]
[TestFixture("smollm2", 1)]
public class GreedyEqualityTests(string models, int promptsPerKind)
{
    // Without drafts the length has no effect.
    private static readonly int[][] Arms = [[0, 4], [1, 1], [1, 2], [1, 4], [1, 8], [3, 1], [3, 2], [3, 4], [3, 8]];

    private readonly GenerationOptions _options = new() { MaxOutputTokens = models == "family" ? 96 : 48 };
    private readonly List<(string Prompt, GenerationResult Own)> _texts = [];
    private ModelSet _models = null!;

    [OneTimeSetUp]
    public async Task Decode_plainly()
    {
        bool isFamily = models == "family";
        _models = await (isFamily ? ModelSet.FamilyAsync() : ModelSet.SmolLm2Async());
        string prompts = isFamily ? RepositoryFiles.FamilyPrompts : Path.Combine(RepositoryFiles.SmolLm2, "prompts-dev.jsonl");
        await using var pipeline = new SpeculativePipeline(_models.Compose(drafts: 0, length: 0), new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });
        foreach (string prompt in ModelSet.Prompts(prompts, promptsPerKind))
            _texts.Add((prompt, await pipeline.GenerateAsync(prompt, _options with { Speculate = false })));
    }

    [OneTimeTearDown]
    public void Unload() => _models.Dispose();

    [TestCaseSource(nameof(Arms))]
    public Task No_text_differs(int drafts, int length) => Compare(drafts, length, new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });

    [Test]
    public Task No_text_differs_where_drafts_work_ahead() => Compare(drafts: 3, length: 3, new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All }, PreDraft = true });

    private async Task Compare(int drafts, int length, PipelineOptions options)
    {
        await using var pipeline = new SpeculativePipeline(_models.Compose(drafts, length), options);
        await pipeline.LoadAsync();
        Assert.That(pipeline.Info.Exactness, Is.EqualTo(Exactness.Guaranteed));
        int worked = 0;
        foreach ((string prompt, GenerationResult own) in _texts)
        {
            GenerationResult result = await pipeline.GenerateAsync(prompt, _options);
            Assert.That(result.TokenIds, Is.EqualTo(own.TokenIds), prompt);
            Assert.That(result.Text, Is.EqualTo(own.Text), prompt);
            if (drafts > 0)
                Assert.That(result.Statistics.AcceptedTokens, Is.GreaterThan(0), "drafts do help");
            worked += result.Statistics.PreDraftedRounds + result.Statistics.WastedPreDraftRounds;
        }

        Assert.That(worked, options.PreDraft == true ? Is.Positive : Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public async Task Requests_beside_each_other_get_the_texts_they_get_alone()
    {
        await using var pipeline = new SpeculativePipeline(_models.Compose(drafts: 3, length: 3), new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });

        // The second time over, sessions for several requests are there.
        for (int turn = 0; turn < 2; turn++)
        {
            GenerationResult[] results = await Task.WhenAll(_texts.Concat(_texts).Select(text => pipeline.GenerateAsync(text.Prompt, _options)));
            for (int i = 0; i < results.Length; i++)
                Assert.That(results[i].TokenIds, Is.EqualTo(_texts[i % _texts.Count].Own.TokenIds), _texts[i % _texts.Count].Prompt);
            await _models.Target.SessionsSettled;
        }
    }

    [Test]
    public async Task Decoding_plainly_beside_each_other_changes_no_text_either()
    {
        await using var pipeline = new SpeculativePipeline(_models.Compose(drafts: 0, length: 0), new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });
        GenerationResult[] results = await Task.WhenAll(_texts.Select(text => pipeline.GenerateAsync(text.Prompt, _options)));
        Assert.That(results.Select(result => result.TokenIds), Is.EqualTo(_texts.Select(text => text.Own.TokenIds)));
    }
}
