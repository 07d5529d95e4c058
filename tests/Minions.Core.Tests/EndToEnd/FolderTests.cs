using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.EndToEnd;

/// <summary>Folders of other shapes than the models at hand, each as its own draft.</summary>
public class FolderTests
{
    [TestCase("llama-int4")]
    [TestCase("qwen3-fp32")]
    public async Task Exports_of_the_GenAI_builder_speculate(string name) => await SpeculateAsync(Path.Combine(RepositoryFiles.Tiny, name));

    [Test]
    public async Task Hugging_Face_exports_speculate([Values] bool groupQuery, [Values] bool halfCache, [Values] bool int32Ids)
    {
        using var folder = SyntheticFolder.Create(new SyntheticOptions { GroupQuery = groupQuery, HalfCache = halfCache, Int32Ids = int32Ids });
        await SpeculateAsync(folder.Path);
    }

    [Test]
    public async Task Narrow_logits_are_read([Values(OnnxElement.Float16, OnnxElement.BFloat16)] int element, [Values] bool groupQuery) =>
        await WithFolder(new SyntheticOptions { LogitsElement = element, GroupQuery = groupQuery }, SpeculateAsync);

    [Test]
    public async Task A_graph_without_the_named_output_is_refused_by_name() => await WithFolder(
        new SyntheticOptions { LogitsName = "scores" },
        path =>
        {
            Assert.That(
                async () => await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = path }),
                Throws.TypeOf<ModelLoadException>().With.Message.Contains("no output 'logits'").And.Message.Contains("'scores'"));
            return Task.CompletedTask;
        });

    [Test]
    public async Task A_graph_that_gives_the_last_row_only_is_refused_by_name([Values] bool groupQuery) => await WithFolder(
        new SyntheticOptions { LastRowOnly = true, GroupQuery = groupQuery },
        path =>
        {
            Assert.That(
                async () => await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = path }),
                Throws.TypeOf<ModelLoadException>().With.Message.Contains("fixed length of 1"));
            return Task.CompletedTask;
        });

    private static async Task WithFolder(SyntheticOptions options, Func<string, Task> test)
    {
        using var folder = SyntheticFolder.Create(options);
        await test(folder.Path);
    }

    private static async Task SpeculateAsync(string folder)
    {
        OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder });
        OnnxDraftModel draft = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = folder });
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = target,
            Drafts = [draft],

            // A draft as large as the target earns no length by itself.
            LengthController = new FixedSpeculationLength(3),
        });
        var options = new GenerationOptions { MaxOutputTokens = 40 };
        foreach (int[] prompt in new[] { [3], [1, 2, 3, 4, 5], Enumerable.Range(1, 20).ToArray() })
        {
            GenerationResult own = await pipeline.GenerateAsync(prompt, options with { Speculate = false });
            GenerationResult result = await pipeline.GenerateAsync(prompt, options);
            Assert.That(pipeline.Info.Exactness.IsGuaranteed, Is.True, pipeline.Info.Exactness.Reason);
            Assert.That(result.TokenIds, Is.EqualTo(own.TokenIds));
            Assert.That(result.Statistics.AcceptedTokens, Is.GreaterThan(0), "a model is a good draft of itself");
        }
    }
}
