using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Sampling;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.EndToEnd;

/// <summary>
/// The promise on real models under sampling, on a few prompts a kind; the benchmark project's
/// <c>exactness --temperature 0.8 --seeds 3</c> holds it over all of them.
/// </summary>
[TestFixture("family", 2, 64)]
[TestFixture("smollm2", 1, 24)]
public class SeededEqualityTests(string models, int promptsPerKind, int newTokens)
{
    private static readonly SamplingOptions[] Samplings =
    [
        new() { Temperature = 0.8, Seed = 1 },
        new() { Temperature = 0.8, Seed = 2, TopK = 50, TopP = 0.95 },
        new() { Temperature = 0.8, Seed = 3, MinP = 0.05, RepetitionPenalty = 1.1, FrequencyPenalty = 0.2 },
    ];

    private readonly List<(string Prompt, GenerationOptions Options, GenerationResult Own)> _texts = [];
    private ModelSet _models = null!;

    [OneTimeSetUp]
    public async Task Decode_plainly()
    {
        bool isFamily = models == "family";
        _models = await (isFamily ? ModelSet.FamilyAsync() : ModelSet.SmolLm2Async());
        string prompts = isFamily ? RepositoryFiles.FamilyPrompts : Path.Combine(RepositoryFiles.SmolLm2, "prompts-dev.jsonl");
        await using var pipeline = new SpeculativePipeline(_models.Compose(drafts: 0, length: 0), new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });
        foreach (string prompt in ModelSet.Prompts(prompts, promptsPerKind))
        {
            foreach (SamplingOptions sampling in Samplings)
            {
                var options = new GenerationOptions { MaxOutputTokens = newTokens, Sampling = sampling, LogProbabilities = 3 };
                _texts.Add((prompt, options, await pipeline.GenerateAsync(prompt, options with { Speculate = false })));
            }
        }
    }

    [OneTimeTearDown]
    public void Unload() => _models.Dispose();

    [TestCase(1, 2)]
    [TestCase(3, 4)]
    public async Task No_text_differs(int drafts, int length)
    {
        await using var pipeline = new SpeculativePipeline(_models.Compose(drafts, length), new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });
        int accepted = 0;
        foreach ((string prompt, GenerationOptions options, GenerationResult own) in _texts)
        {
            GenerationResult result = await pipeline.GenerateAsync(prompt, options);
            Assert.That(result.TokenIds, Is.EqualTo(own.TokenIds), prompt);
            Assert.That(result.Text, Is.EqualTo(own.Text), prompt);
            Assert.That(result.LogProbabilities.Select(likely => likely.Chosen), Is.EqualTo(own.LogProbabilities.Select(likely => likely.Chosen)), "to the last bit");
            Assert.That(result.LogProbabilities.SelectMany(likely => likely.Likeliest), Is.EqualTo(own.LogProbabilities.SelectMany(likely => likely.Likeliest)));
            accepted += result.Statistics.AcceptedTokens;
        }

        Assert.That(accepted, Is.GreaterThan(_texts.Count), "drafts do help");
        Assert.That(_texts.Select(text => text.Own.Text).Distinct().Count(), Is.GreaterThan(_texts.Count * 2 / 3), "seeds do matter");
    }

    [Test]
    public async Task Requests_beside_each_other_get_the_texts_they_get_alone()
    {
        await using var pipeline = new SpeculativePipeline(_models.Compose(drafts: 3, length: 3), new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });
        GenerationResult[] results = await Task.WhenAll(_texts.Select(text => pipeline.GenerateAsync(text.Prompt, text.Options)));
        for (int i = 0; i < results.Length; i++)
            Assert.That(results[i].TokenIds, Is.EqualTo(_texts[i].Own.TokenIds), _texts[i].Prompt);
    }
}
