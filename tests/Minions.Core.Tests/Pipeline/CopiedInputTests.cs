using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Sampling;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline;

/// <summary>What a caller hands over is copied: changed afterwards, it changes nothing and nothing fails.</summary>
internal sealed class CopiedInputTests
{
    private static readonly int[] Prompt = [1, 2, 3];
    private static readonly GenerationOptions Eighty = new() { MaxOutputTokens = 80 };

    [Test]
    public async Task Options_of_a_pipeline()
    {
        var target = new TabularTarget(Tables.Scrambled);
        var options = new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All, MaxLength = 4 } };
        await using var pipeline = new SpeculativePipeline(
            new PipelineComponents { Target = target, Drafts = [new TabularDraft("sound", Tables.Scrambled)], LengthController = new FixedSpeculationLength(100) }, options);
        options.Speculation.MaxLength = 1000;
        options.Speculation.MinLength = 1000;
        options.DrainOnDispose = true;
        options.Speculation.DraftSelection = (DraftSelection)7;
        GenerationResult result = await pipeline.GenerateAsync(Prompt, Eighty);

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode(Prompt, 80)));
        Assert.That(result.Statistics.Rounds, Is.EqualTo(16), "chains of 4 and an id more");
    }

    [Test]
    public async Task Drafts_and_end_tokens_of_components([Values] bool loadsLater)
    {
        var target = new TabularTarget(Tables.Scrambled);
        int[] text = [.. target.Decode(Prompt, 80)];
        List<IDraftModel> drafts = [new TabularDraft("sound", Tables.Scrambled)];
        List<int> endTokens = [];
        var components = new PipelineComponents { Target = target, Drafts = drafts, EndTokens = endTokens, LengthController = new FixedSpeculationLength(3) };
        await using SpeculativePipeline pipeline = loadsLater ? new SpeculativePipeline(_ => Task.FromResult(components)) : new SpeculativePipeline(components);
        await pipeline.LoadAsync();
        drafts.Clear();
        endTokens.Add(text[5]);
        GenerationResult result = await pipeline.GenerateAsync(Prompt, Eighty);

        Assert.That(result.TokenIds, Is.EqualTo(text));
        Assert.That(result.Statistics.Drafts.Select(draft => draft.Name), Is.EqualTo(new[] { "sound" }));
        Assert.That(pipeline.Info.DraftNames, Is.EqualTo(new[] { "sound" }));
        drafts.Add(null!);
    }

    [Test]
    public async Task End_tokens_of_a_target()
    {
        var inner = new TabularTarget(Tables.Scrambled);
        var target = new EndingTarget(inner);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });
        target.Ends.Add(inner.Decode(Prompt, 1)[0]);

        Assert.That((await pipeline.GenerateAsync(Prompt, Eighty)).TokenIds, Has.Count.EqualTo(80));
    }

    [Test]
    public async Task Stop_strings_bias_and_processors_of_a_request()
    {
        List<string> stops = ["never"];
        Dictionary<int, float> bias = new() { [1] = 0 };
        List<ILogitsProcessor> processors = [];
        var options = new GenerationOptions { MaxOutputTokens = 20, StopSequences = stops, Sampling = new SamplingOptions { LogitBias = bias, LogitsProcessors = processors } };
        var target = new TabularTarget(Tables.Scrambled);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target, Tokenizer = new LetterTokenizer() });
        GenerationStream stream = pipeline.StreamAsync(Prompt, options);
        stops.AddRange(["", "a", "b", "c", "d"]);
        bias[99] = float.NaN;
        processors.Add(null!);

        Assert.That((await stream.Completion.WaitAsync(TimeSpan.FromMinutes(1))).TokenIds, Is.EqualTo(target.Decode(Prompt, 20)));
        Assert.That((await pipeline.GenerateAsync(Prompt, options with { MaxOutputTokens = 10 })).TokenIds, Is.EqualTo(target.Decode(Prompt, 10)));
    }

    [Test]
    public async Task The_ids_of_a_prompt()
    {
        List<int> prompt = [.. Prompt];
        var target = new TabularTarget(Tables.Scrambled);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });
        GenerationStream stream = pipeline.StreamAsync(prompt, Eighty);
        prompt.Clear();

        Assert.That((await stream.Completion.WaitAsync(TimeSpan.FromMinutes(1))).TokenIds, Is.EqualTo(target.Decode(Prompt, 80)));
    }

    [Test]
    public void A_draft_that_is_null_is_refused() => Assert.That(
        () => new SpeculativePipeline(new PipelineComponents { Target = new TabularTarget(Tables.Scrambled), Drafts = [new TabularDraft("sound", Tables.Scrambled), null!] }),
        Throws.ArgumentException.With.Message.Contains("Draft 1 is null"));

    [Test]
    public void End_tokens_that_are_null_are_refused() => Assert.That(
        () => new SpeculativePipeline(new PipelineComponents { Target = new EndingTarget(new TabularTarget(Tables.Scrambled)) { Ends = null! } }),
        Throws.ArgumentException.With.Message.Contains("EndingTarget answers null for EndTokens"));

    private sealed class EndingTarget(ITargetVerifier inner) : DelegatingTargetVerifier(inner)
    {
        public List<int> Ends { get; init; } = [];

        public override IReadOnlyList<int> EndTokens => Ends;
    }
}
