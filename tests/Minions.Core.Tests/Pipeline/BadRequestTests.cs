using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Tests.Tabular;

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
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { MaxNewTokens = 0 }), "at least 1").SetName("{m}(zero new tokens)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { MaxNewTokens = -5 }), "at least 1").SetName("{m}(negative new tokens)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { StopStrings = ["x", ""] }), "Stop string 1 is empty").SetName("{m}(empty stop string)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { StopStrings = null! }), "must not be null").SetName("{m}(no list of stop strings)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { SpeculationLength = 65 }), "between 0 and 64").SetName("{m}(speculation length)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { Speculation = (SpeculationMode)7 }), "On or Off").SetName("{m}(speculation mode)"),
        Fault(pipeline => pipeline.GenerateAsync("a", new GenerationOptions { Mode = (DecodingMode)7 }), "BitIdentical or Fastest").SetName("{m}(decoding mode)"),
    ];

    [TestCaseSource(nameof(Faults))]
    public async Task Refused(Func<SpeculativePipeline, Task> call, string message)
    {
        var target = new TabularTarget(Tables.Scrambled, contextLength: 64);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target, Tokenizer = new LetterTokenizer() });

        Assert.That(async () => await call(pipeline), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));
        Assert.That(target.Verifications, Is.Zero, "before any work is done");
        Assert.That((await pipeline.GenerateAsync([1], new GenerationOptions { MaxNewTokens = 3 })).TokenIds, Is.EqualTo(target.Decode([1], 3)));
    }

    [Test]
    public async Task Without_a_tokenizer_text_is_refused_and_ids_are_not()
    {
        var target = new TabularTarget(Tables.Scrambled);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });

        Assert.That(async () => await pipeline.GenerateAsync("abc"), Throws.InvalidOperationException.With.Message.Contains("no tokenizer"));
        Assert.That(async () => await pipeline.GenerateAsync([1], new GenerationOptions { StopStrings = ["x"] }), Throws.InvalidOperationException);
        Assert.That((await pipeline.GenerateAsync([1], new GenerationOptions { MaxNewTokens = 3 })).TokenIds, Has.Count.EqualTo(3));
    }

    [Test]
    public void Contradictions_are_refused_when_the_pipeline_is_made()
    {
        var target = new TabularTarget(Tables.Scrambled);
        var twin = new TabularDraft("twin", Tables.Scrambled);

        Assert.That(() => new SpeculativePipeline(new PipelineComponents { Target = target, Drafts = [twin, twin] }), Throws.ArgumentException.With.Message.Contains("'twin'"));
        Assert.That(
            () => new SpeculativePipeline(new PipelineComponents { Target = target }, new PipelineOptions { MinSpeculationLength = 5, MaxSpeculationLength = 4 }),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("MaxSpeculationLength"));
        Assert.That(
            () => new SpeculativePipeline(new PipelineComponents { Target = target }, new PipelineOptions { MaxConcurrentRequests = 0 }),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("MaxConcurrentRequests"));
    }

    private static TestCaseData Fault(Func<SpeculativePipeline, Task> call, string message) => new(call, message);
}
