using CsCheck;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Sampling;
using Minions.Core.Speculation;
using Minions.Core.Verification;

namespace Minions.Core.Tests.Pipeline;

/// <summary>Log probabilities are the target's alone, one for each id of the text.</summary>
public class LogProbabilityTests
{
    private const int Vocabulary = 24;

    [Test]
    public void Each_id_has_those_of_the_row_it_was_chosen_from() => Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 8], Gen.Int[0, 20], Gen.OneOf(Gen.Const(0.0), Gen.Const(0.8))).Sample(
        (seed, length, count, temperature) =>
        {
            Func<ReadOnlySpan<int>, float[]> table = LogitTables.Random(Vocabulary, seed, 3);
            int[] prompt = [1, 2];
            var sampling = new SamplingOptions { Temperature = temperature, Seed = 7, PresencePenalty = 1 };
            using var engine = new SteppedEngine(new PipelineComponents
            {
                Target = new LogitsTarget(table, Vocabulary),
                Drafts = [new LogitsDraft("near", LogitTables.Near(table, Vocabulary, 1, 1))],
                LengthController = new FixedSpeculationLength(length),
            });
            GenerationResult result = engine.Run(prompt, new GenerationOptions { MaxOutputTokens = 20, Sampling = sampling, LogProbabilities = count });
            GenerationResult unasked = engine.Run(prompt, new GenerationOptions { MaxOutputTokens = 20, Sampling = sampling });

            Assert.That(result.TokenIds, Is.EqualTo(unasked.TokenIds));
            Assert.That(unasked.LogProbabilities, Is.Empty);
            Assert.That(result.LogProbabilities, Has.Count.EqualTo(result.TokenIds.Count));
            for (int i = 0; i < result.TokenIds.Count; i++)
            {
                float[] row = table([.. prompt, .. result.TokenIds.Take(i)]);
                TokenLogProbabilities expected = RowLogProbabilities.Of(row, result.TokenIds[i], count);
                Assert.That(result.LogProbabilities[i].Chosen, Is.EqualTo(expected.Chosen));
                Assert.That(result.LogProbabilities[i].Likeliest, Is.EqualTo(expected.Likeliest));
            }
        },
        iter: 300);

    [TestCase(0)]
    [TestCase(3)]
    public async Task Ids_that_a_stop_sequence_takes_back_take_theirs_along(int length)
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = new TabularTarget(prefix => (prefix[^1] + 1) % Tables.Vocabulary),
            Drafts = [new TabularDraft("good", prefix => (prefix[^1] + 1) % Tables.Vocabulary)],
            Tokenizer = new LetterTokenizer(),
            LengthController = new FixedSpeculationLength(length),
        });
        GenerationStream stream = pipeline.StreamAsync("a", new GenerationOptions { MaxOutputTokens = 40, StopSequences = ["efg"], LogProbabilities = 2 });
        List<GeneratedToken> tokens = await stream.ToListAsync();
        GenerationResult result = await stream.Completion;

        Assert.That(result.TokenIds, Is.EqualTo(new[] { 1, 2, 3, 4 }));
        Assert.That(tokens.Select(token => token.LogProbabilities), Is.EqualTo(result.LogProbabilities));
        Assert.That(result.LogProbabilities.Select(likely => likely.Likeliest[0].Id), Is.EqualTo(result.TokenIds), "greedy");
        Assert.That(result.LogProbabilities.Select(likely => likely.Chosen), Is.EqualTo(result.LogProbabilities.Select(likely => likely.Likeliest[0].LogProbability)));
    }
}
