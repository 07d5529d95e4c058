using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.OnnxRuntime;

/// <summary>Graphs of unusual shapes: they run exactly or are refused when they are loaded.</summary>
public sealed class GraphCaseTests
{
    [Test]
    public async Task Keys_and_values_of_different_sizes_speculate_exactly()
    {
        string folder = Path.Combine(RepositoryFiles.Graphs, "mla");
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder }),
            Drafts = [await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = folder })],
            LengthController = new FixedSpeculationLength(3),
        });
        Assert.That(pipeline.Info.Exactness.IsGuaranteed, Is.True, pipeline.Info.Exactness.Reason);
        for (int length = 1; length < 40; length += 6)
        {
            int[] prompt = [.. Enumerable.Range(0, length).Select(i => (i * 7919) % 4096)];
            var options = new GenerationOptions { MaxOutputTokens = 20, IgnoreEndToken = true };
            GenerationResult plain = await pipeline.GenerateAsync(prompt, options with { Speculate = false });
            GenerationResult speculative = await pipeline.GenerateAsync(prompt, options);
            Assert.That(speculative.TokenIds, Is.EqualTo(plain.TokenIds));
            Assert.That(speculative.Statistics.AcceptedTokens, Is.Positive);
        }
    }

    [Test]
    public void Logits_of_the_last_row_only_are_refused_at_load_as_target_and_as_draft()
    {
        var options = new OnnxModelOptions { Folder = Path.Combine(RepositoryFiles.Graphs, "last-row") };

        Assert.That(() => OnnxTargetVerifier.LoadAsync(options), Throws.TypeOf<ModelLoadException>().With.Message.Contains("does not have a row for each id"));
        Assert.That(() => OnnxDraftModel.LoadAsync(options), Throws.TypeOf<ModelLoadException>().With.Message.Contains("does not have a row for each id"));
    }
}
