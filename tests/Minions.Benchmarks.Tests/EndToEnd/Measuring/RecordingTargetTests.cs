using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.Micro;
using Minions.Benchmarks.Models;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Benchmarks.Tests.EndToEnd.Measuring;

public sealed class RecordingTargetTests
{
    private const int Length = 3;

    private static readonly PromptTexts Prompts = new(
        [new Prompt("one", "first", "a"), new Prompt("two", "second", "ab"), new Prompt("three", "first", "b")], new LetterTokenizer(), InstantText.ContextLength);

    [TestCase(0, DecodingMode.Fastest, 1)]
    [TestCase(0, DecodingMode.BitIdentical, 2)]
    [TestCase(1, DecodingMode.BitIdentical, Length + 1)]
    public async Task Every_round_and_no_prefill_is_counted_by_its_rows(int drafts, DecodingMode mode, int rows)
    {
        var recorder = new RecordingTarget(new InstantTarget(), Prompts, packs: false) { Log = new RoundLog(2) };
        await using SpeculativePipeline pipeline = Pipeline(recorder, drafts);

        GenerationResult result = await pipeline.GenerateAsync(Prompts.Ids(0), new GenerationOptions { MaxOutputTokens = 41, Mode = mode });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(recorder.Log.Rounds(null), Is.EqualTo(result.Statistics.Rounds));
            Assert.That(recorder.Log.Runs(null), Is.EqualTo(new[] { KeyValuePair.Create(new RunShape(rows, 1), (double)result.Statistics.Rounds) }));
        }
    }

    [Test]
    public async Task Rounds_belong_to_the_domain_of_the_longest_prompt_the_text_begins_with()
    {
        var recorder = new RecordingTarget(new InstantTarget(), Prompts, packs: false) { Log = new RoundLog(2) };
        await using SpeculativePipeline pipeline = Pipeline(recorder, drafts: 0);

        GenerationResult[] results = await Task.WhenAll(Enumerable.Range(0, 3)
            .Select(prompt => pipeline.GenerateAsync(Prompts.Ids(prompt), new GenerationOptions { MaxOutputTokens = 10 * (prompt + 1) })));

        Assert.That(
            new[] { recorder.Log.Rounds(0), recorder.Log.Rounds(1) },
            Is.EqualTo(new[] { results[0].Statistics.Rounds + results[2].Statistics.Rounds, results[1].Statistics.Rounds }));
    }

    private static SpeculativePipeline Pipeline(ITargetVerifier target, int drafts) => new(new PipelineComponents
    {
        Target = target,
        Drafts = [.. Enumerable.Range(0, drafts).Select(i => new InstantDraft($"draft-{i}"))],
        LengthController = new FixedSpeculationLength(Length),
    });
}
