using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Sampling;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Pipeline;

/// <summary>Bad input gets a clear error at the call, and the next request runs as if nothing had been.</summary>
public class BadRequestTests
{
    private static readonly TestCaseData[] Faults =
    [
        Fault(pipeline => pipeline.GenerateAsync(string.Empty), "prompt is empty").SetName("{m}(empty prompt)"),
        Fault(pipeline => pipeline.GenerateAsync(Array.Empty<int>()), "no ids").SetName("{m}(no ids)"),
        Fault(pipeline => pipeline.GenerateAsync(new string('a', 64)), "64 ids, but the target's context holds 64").SetName("{m}(prompt as long as the context)"),
        Fault(pipeline => pipeline.GenerateAsync([1, 99]), "Id 99 at position 1").SetName("{m}(unknown id)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { MaxOutputTokens = 0 }), "at least 1").SetName("{m}(zero new tokens)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { MaxOutputTokens = -5 }), "at least 1").SetName("{m}(negative new tokens)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { StopSequences = ["x", ""] }), "Stop sequence 1 is empty").SetName("{m}(empty stop sequence)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { Properties = null! }), "must not be null").SetName("{m}(no properties)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { StopSequences = null! }), "must not be null").SetName("{m}(no list of stop sequences)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { ReferenceTexts = null! }), "reference texts must not be null").SetName("{m}(no list of reference texts)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { ReferenceTexts = ["b", null!] }), "Reference text 1 is null").SetName("{m}(no reference text)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { ReferenceTexts = [new([1, 2]), new([3, 99])] }), "Id 99 at position 1 of reference text 1").SetName("{m}(unknown id of a reference text)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { ReferenceTexts = [new string('a', 600_000), new string('a', 600_000)] }), "have 1200000 characters, but a request takes 1048576").SetName("{m}(characters of reference texts)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { ReferenceTexts = [new string('a', 200_000), new(new int[100_000])] }), "have 300000 ids, but a request takes 262144").SetName("{m}(ids of reference texts)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { SpeculationLength = 65 }), "between 0 and 64").SetName("{m}(speculation length)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { LogProbabilities = 21 }), "between 0 and 20").SetName("{m}(log probabilities)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { Mode = (DecodingMode)7 }), "Mode: 7 must be one of BitIdentical, Fastest").SetName("{m}(decoding mode)"),
        Sampling(null!, "sampling options must not be null").SetName("{m}(no sampling options)"),
        Sampling(new SamplingOptions { Temperature = -0.1 }, "Temperature must be a finite number of at least 0").SetName("{m}(negative temperature)"),
        Sampling(new SamplingOptions { Temperature = double.NaN }, "Temperature must").SetName("{m}(temperature not a number)"),
        Sampling(new SamplingOptions { Temperature = double.PositiveInfinity }, "Temperature must").SetName("{m}(infinite temperature)"),
        Sampling(new SamplingOptions { TopK = -1 }, "TopK must be at least 0").SetName("{m}(negative top-k)"),
        Sampling(new SamplingOptions { TopP = 0 }, "TopP must lie in (0, 1]").SetName("{m}(top-p of 0)"),
        Sampling(new SamplingOptions { TopP = 1.01 }, "TopP must lie in (0, 1]").SetName("{m}(top-p above 1)"),
        Sampling(new SamplingOptions { TopP = double.NaN }, "TopP must lie in (0, 1]").SetName("{m}(top-p not a number)"),
        Sampling(new SamplingOptions { MinP = -0.1 }, "MinP must lie in [0, 1)").SetName("{m}(negative min-p)"),
        Sampling(new SamplingOptions { MinP = 1 }, "MinP must lie in [0, 1)").SetName("{m}(min-p of 1)"),
        Sampling(new SamplingOptions { RepetitionPenalty = 0 }, "RepetitionPenalty must be a finite number above 0").SetName("{m}(repetition penalty of 0)"),
        Sampling(new SamplingOptions { PresencePenalty = double.NaN }, "PresencePenalty must be a finite number").SetName("{m}(presence penalty)"),
        Sampling(new SamplingOptions { FrequencyPenalty = double.NegativeInfinity }, "FrequencyPenalty must be a finite number").SetName("{m}(frequency penalty)"),
        Sampling(new SamplingOptions { LogitBias = null! }, "logit bias must not be null").SetName("{m}(no logit bias)"),
        Sampling(Bias(3, float.NaN), "for id 3").SetName("{m}(bias not a number)"),
        Sampling(Bias(Tables.Vocabulary, 1), "Id 16 of the logit bias is not in the target's vocabulary of 16").SetName("{m}(bias for an unknown id)"),
        Sampling(Bias(-1, 1), "Id -1 of the logit bias").SetName("{m}(bias for a negative id)"),
        Sampling(new SamplingOptions { LogitsProcessors = null! }, "list of logits processors must not be null").SetName("{m}(no list of processors)"),
        Sampling(new SamplingOptions { LogitsProcessors = [null!] }, "Logits processor 0 is null").SetName("{m}(null processor)"),
    ];

    [TestCaseSource(nameof(Faults))]
    public async Task Refused(Func<SpeculativePipeline, Task> call, string message)
    {
        var target = new TabularTarget(Tables.Scrambled, contextLength: 64);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target, Tokenizer = new LetterTokenizer() });

        Assert.That(async () => await call(pipeline), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));
        Assert.That(target.Verifications, Is.Zero, "before any work is done");
        Assert.That((await pipeline.GenerateAsync([1], new GenerationOptions { MaxOutputTokens = 3 })).TokenIds, Is.EqualTo(target.Decode([1], 3)));
    }

    [Test]
    public async Task Without_a_tokenizer_text_is_refused_and_ids_are_not()
    {
        var target = new TabularTarget(Tables.Scrambled);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });

        Assert.That(async () => await pipeline.GenerateAsync("abc"), Throws.InvalidOperationException.With.Message.Contains("no tokenizer"));
        Assert.That(async () => await pipeline.GenerateAsync([1], new GenerationOptions { StopSequences = ["x"] }), Throws.InvalidOperationException);
        Assert.That((await pipeline.GenerateAsync([1], new GenerationOptions { MaxOutputTokens = 3 })).TokenIds, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_prompt_that_encodes_to_nothing_is_refused()
    {
        // Its normalizer strips white space at the ends, here all there is.
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.Load(Path.Combine(RepositoryFiles.Tokenizers, "gpt1-like"));
        var target = new TabularTarget(Tables.Scrambled);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target, Tokenizer = tokenizer });

        Assert.That(async () => await pipeline.GenerateAsync(" \n"), Throws.ArgumentException.With.Message.Contains("encodes to no ids"));
        Assert.That(async () => await pipeline.StreamAsync(" \n").Completion, Throws.ArgumentException.With.Message.Contains("encodes to no ids"));
        Assert.That(target.Verifications, Is.Zero, "before any work is done");
    }

    [Test]
    public void Contradictions_are_refused_when_the_pipeline_is_made()
    {
        var target = new TabularTarget(Tables.Scrambled);
        var twin = new TabularDraft("twin", Tables.Scrambled);

        Assert.That(() => new SpeculativePipeline(new PipelineComponents { Target = target, Drafts = [twin, twin] }), Throws.ArgumentException.With.Message.Contains("'twin'"));
        Assert.That(
            () => new SpeculativePipeline(new PipelineComponents { Target = target }, new PipelineOptions { Speculation = { MinLength = 5, MaxLength = 4 } }),
            Throws.ArgumentException.With.Message.Contains("PipelineOptions.Speculation.MinLength is 5, which exceeds MaxLength, 4"));
        Assert.That(
            () => new SpeculativePipeline(new PipelineComponents { Target = target }, new PipelineOptions { MaxConcurrentRequests = 0 }),
            Throws.ArgumentException.With.Message.Contains("MaxConcurrentRequests"));
    }

    private static SamplingOptions Bias(int id, float bias) => new() { LogitBias = new Dictionary<int, float> { [id] = bias } };

    private static TestCaseData Sampling(SamplingOptions options, string message) =>
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { Sampling = options }), message);

    private static TestCaseData Fault(Func<SpeculativePipeline, Task> call, string message) => new(call, message);
}
