using System.Reflection;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Minions.Core;
using Minions.Core.DependencyInjection;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Sampling;
using Minions.Core.Speculation;
using Minions.Core.Tokenization;
using Minions.Docs.Tests.Pages;
using Minions.Models.Demo;

namespace Minions.Docs.Tests.Snippets;

/// <summary>The parts that <c>docs/extending.md</c> shows, taken from the page: they work, and the text is that of plain decoding.</summary>
internal sealed class PartsOfThePageTests
{
    private const string Prompt = "<|im_start|>user\nWrite a haiku about rain.<|im_end|>\n<|im_start|>assistant\n";

    private static readonly Assembly Parts = SnippetProgram.LoadTypes(MarkdownPage.Of("docs/extending.md"));

    // A text that counts; drafts that are right, right every other time, and wrong.
    private static readonly Gen<(int Start, int[] Steps, int Length, ulong Seed, double Temperature)> Cases =
        Gen.Select(Gen.Int[0, 500], Gen.Int[1, 3].Array[1, 3], Gen.Int[1, 60], Gen.ULong, Gen.Bool.Select(isDrawn => isDrawn ? 0.8 : 0));

    [Test]
    public Task With_vote_draft_controller_and_processor_of_the_page_the_text_is_that_of_plain_decoding() => Cases.SampleAsync(
        async asked =>
        {
            int[] phrase = [.. Enumerable.Range(asked.Start + 4, 12).Select(id => id % Counting.Vocabulary)];
            var services = new ServiceCollection();
            MinionsBuilder builder = services.AddMinions(options => options.Pipeline.Speculation.DraftSelection = DraftSelection.All)
                .UseTarget(_ => Part<ITargetVerifier>("CountingTarget", Counting.Target()))
                .AddDraft(_ => Part<IDraftModel>("PhraseDraft", "phrases", (int[][])[phrase]))
                .UseVotingPolicy(_ => Part<IVotingPolicy>("UnanimousVote"))
                .UseSpeculationLengthController(_ => Part<ISpeculationLengthController>("HalvingLength"));
            for (int i = 0; i < asked.Steps.Length; i++)
            {
                (string name, int step) = ($"draft {i}", asked.Steps[i]);
                builder.AddDraft(_ => Counting.Draft(name, step));
            }

            await using ServiceProvider provider = services.BuildServiceProvider();
            var pipeline = provider.GetRequiredService<SpeculativePipeline>();
            var options = new GenerationOptions
            {
                MaxOutputTokens = asked.Length,
                Sampling = new SamplingOptions { Temperature = asked.Temperature, Seed = asked.Seed, LogitsProcessors = [Part<ILogitsProcessor>("NoRepeatedRun", 3)] },
            };
            GenerationResult speculative = await pipeline.GenerateAsync([asked.Start], options);
            GenerationResult plain = await pipeline.GenerateAsync([asked.Start], options with { Speculate = false });
            return speculative.TokenIds.SequenceEqual(plain.TokenIds) && speculative.Text == plain.Text;
        },
        iter: 40);

    [Test]
    public async Task With_the_embedded_models_too_and_every_part_has_its_say()
    {
        ITargetVerifier target = Part<ITargetVerifier>("CountingTarget", await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = DemoModels.Target }));
        var services = new ServiceCollection();
        services.AddMinions()
            .UseTarget(_ => target)
            .UseTokenizer(_ => HuggingFaceTokenizer.Load(DemoModels.Target))
            .AddDraft(DemoModels.StoriesDraft)
            .AddNgramDraft()
            .AddDraft(_ => Part<IDraftModel>("PhraseDraft", "phrases", (int[][])[[1, 2, 3]]))
            .UseVotingPolicy(_ => Part<IVotingPolicy>("UnanimousVote"))
            .UseSpeculationLengthController(_ => Part<ISpeculationLengthController>("HalvingLength"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        var pipeline = provider.GetRequiredService<SpeculativePipeline>();
        foreach (SamplingOptions sampling in new[] { SamplingOptions.Greedy, new SamplingOptions { Temperature = 0.7, Seed = 7, LogitsProcessors = [Part<ILogitsProcessor>("NoRepeatedRun", 4)] } })
        {
            var options = new GenerationOptions { MaxOutputTokens = 40, Sampling = sampling };
            GenerationResult speculative = await pipeline.GenerateAsync(Prompt, options);
            GenerationResult plain = await pipeline.GenerateAsync(Prompt, options with { Speculate = false });

            Assert.That(speculative.TokenIds, Is.EqualTo(plain.TokenIds));
            Assert.That(speculative.Statistics.DraftTokens, Is.GreaterThan(0));
        }

        Assert.That(target.GetType().GetProperty("Runs")!.GetValue(target), Is.GreaterThan(0L));
    }

    [Test]
    public async Task The_draft_of_the_page_guesses_the_rest_of_a_phrase_that_the_text_has_begun()
    {
        var services = new ServiceCollection();
        services.AddMinions(options => options.Pipeline.Speculation.Rule = SpeculationLengthRule.Fixed)
            .UseTarget(_ => Counting.Target())
            .AddDraft(_ => Part<IDraftModel>("PhraseDraft", "phrases", (int[][])[[.. Enumerable.Range(10, 20)]]));
        await using ServiceProvider provider = services.BuildServiceProvider();
        GenerationResult result = await provider.GetRequiredService<SpeculativePipeline>().GenerateAsync([5], new GenerationOptions { MaxOutputTokens = 24 });

        Assert.That(result.Statistics.AcceptedTokens, Is.GreaterThan(8));
        Assert.That(result.Statistics.AcceptanceRate, Is.EqualTo(1));
    }

    [Test]
    public async Task The_processor_of_the_page_lets_no_run_come_twice()
    {
        await using var pipeline = new SpeculativePipeline(new Core.Pipeline.PipelineComponents { Target = new TabularTarget(prefix => prefix[^1] == 7 ? 5 : prefix[^1] + 1, 64, 256), Drafts = [Counting.Draft()] });
        GenerationResult result = await pipeline.GenerateAsync([5], new GenerationOptions { MaxOutputTokens = 60, Sampling = new SamplingOptions { LogitsProcessors = [Part<ILogitsProcessor>("NoRepeatedRun", 3)] } });
        string[] runs = [.. Enumerable.Range(0, result.TokenIds.Count - 2).Select(i => string.Join(' ', result.TokenIds.Skip(i).Take(3)))];

        Assert.That(runs, Is.Unique);
    }

    private static T Part<T>(string name, params object[] arguments) => (T)Activator.CreateInstance(Parts.GetType(name, throwOnError: true)!, arguments)!;
}
