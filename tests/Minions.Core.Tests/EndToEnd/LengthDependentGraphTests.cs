using Microsoft.ML.OnnxRuntime;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.EndToEnd;

/// <summary>Graphs that treat a long text in another way than a short one, as their own drafts: sliding windows and rotary factors that change.</summary>
public sealed class LengthDependentGraphTests
{
    private const int MaxTokens = 24;

    private static readonly GenerationOptions Options = new() { MaxOutputTokens = MaxTokens, IgnoreEndToken = true };

    private static string Ring => Path.Combine(RepositoryFiles.Graphs, "gqa-window128-ring");

    private static string LongRope => Path.Combine(RepositoryFiles.Graphs, "longrope");

    [Test]
    public async Task An_export_with_a_sliding_cache_writes_what_GenAI_writes()
    {
        await using SpeculativePipeline pipeline = await OpenAsync(Ring);
        int[] prompt = [.. HuggingFaceTokenizer.Load(Ring).Encode("Once upon a time there was")];
        GenerationResult result = await pipeline.GenerateAsync(prompt, Options with { MaxOutputTokens = 8 });

        Assert.That(result.TokenIds, Is.EqualTo(new[] { 2072, 436, 32, 2079, 2072, 1202, 67, 4013 }));
    }

    [Test]
    public async Task Texts_across_the_switch_are_those_of_whole_runs()
    {
        var folder = ModelFolder.Read(LongRope);
        using InferenceSession original = GraphRunner.Open(folder);
        await using SpeculativePipeline pipeline = await OpenAsync(LongRope);
        foreach (int length in new[] { 1, 12, 30, 31, 32, 33, 110 })
        {
            int[] prompt = Prompt(length, folder.VocabularySize);
            GenerationResult result = await pipeline.GenerateAsync(prompt, Options);
            var text = prompt.ToList();
            while (text.Count < length + MaxTokens)
            {
                float[] logits = GraphRunner.RunOriginal(original, folder, [.. text]);
                float[] last = logits[^folder.VocabularySize..];
                text.Add(Array.IndexOf(last, last.Max()));
            }

            Assert.That(result.TokenIds, Is.EqualTo(text[length..]), $"a prompt of {length}");
        }
    }

    [Test]
    public async Task Speculation_company_and_reuse_change_no_text([Values("ring", "longrope", "windows", "factors")] string graph)
    {
        using TemporaryFolder? files = graph switch
        {
            "windows" => SyntheticFolder.Create(new SyntheticOptions { GroupQuery = true, ContextLength = 256, Window = 32, SlidingCache = true, UnevenLayers = true }),
            "factors" => SyntheticFolder.Create(new SyntheticOptions { GroupQuery = true, ContextLength = 256, LongestShortText = 32 }),
            _ => null,
        };
        string folder = files?.Path ?? (graph == "ring" ? Ring : LongRope);
        await using SpeculativePipeline pipeline = await OpenAsync(folder);
        int[][] prompts = [.. new[] { 1, 12, 25, 30, 31, 32, 33, 70, 110, 120, 130, 200 }.Select(length => Prompt(length, ModelFolder.Read(folder).VocabularySize))];
        var own = new List<GenerationResult>();
        foreach (int[] prompt in prompts)
            own.Add(await pipeline.GenerateAsync(prompt, Options with { Speculate = false }));

        foreach ((int[] prompt, GenerationResult plain) in prompts.Zip(own))
        {
            GenerationResult result = await pipeline.GenerateAsync(prompt, Options);
            Assert.That(result.TokenIds, Is.EqualTo(plain.TokenIds), $"a prompt of {prompt.Length}");
            Assert.That(result.Statistics.AcceptedTokens, Is.GreaterThan(0));
        }

        // The second time over, sessions for several requests are there.
        for (int turn = 0; turn < 2; turn++)
        {
            GenerationResult[] together = await Task.WhenAll(prompts.Select(prompt => pipeline.GenerateAsync(prompt, Options)));
            Assert.That(together.Select(result => result.TokenIds), Is.EqualTo(own.Select(plain => plain.TokenIds)));
        }
    }

    [Test]
    public async Task Keys_of_other_factors_are_not_counted_as_reused()
    {
        await using SpeculativePipeline pipeline = await OpenAsync(LongRope);
        int[] prompt = Prompt(60, 4096);
        await pipeline.GenerateAsync(prompt, Options);
        GenerationResult ofShort = await pipeline.GenerateAsync(prompt[..20], Options with { MaxOutputTokens = 4 });
        GenerationResult ofLong = await pipeline.GenerateAsync([.. prompt[..50], 1, 2], Options with { MaxOutputTokens = 4 });

        Assert.That(ofShort.Usage.ReusedPromptTokens, Is.Zero);
        Assert.That(ofLong.Usage.ReusedPromptTokens, Is.EqualTo(50));
    }

    private static async Task<SpeculativePipeline> OpenAsync(string folder)
    {
        var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder }),
            Drafts = [await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = folder })],

            // A draft as large as the target earns no length by itself.
            LengthController = new FixedSpeculationLength(4),
        });
        Assert.That(pipeline.Info.Exactness.IsGuaranteed, Is.True, pipeline.Info.Exactness.Reason);
        return pipeline;
    }

    private static int[] Prompt(int length, int vocabulary) => [.. Enumerable.Range(0, length).Select(i => ((i * 7919) + (i / 5) + 3) % vocabulary)];
}
