using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.EndToEnd;

/// <summary>Graphs with ONNX's own attention, as targets and as drafts.</summary>
public sealed class StandardAttentionTests
{
    private static readonly int[] Expected = [1152, 2189, 1419, 1307, 2189, 1326, 2189, 1326, 2189, 1326, 2189, 1326, 2189, 1326, 1240, 2346];

    private static readonly GenerationOptions Options = new() { MaxOutputTokens = 24, IgnoreEndToken = true };

    [Test]
    public async Task Texts_are_the_same_with_either_form_alone_in_company_and_with_speculation(
        [Values("opset24-attention", "opset24-static-cache")] string target, [Values("opset24-attention", "opset24-static-cache")] string draft)
    {
        string folder = Path.Combine(RepositoryFiles.Graphs, target);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder }),
            Drafts = [await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = Path.Combine(RepositoryFiles.Graphs, draft) })],
            LengthController = new FixedSpeculationLength(4),
        });
        Assert.That(pipeline.Info.Exactness.IsGuaranteed, Is.True, pipeline.Info.Exactness.Reason);
        int[] known = [.. HuggingFaceTokenizer.Load(folder).Encode("Once upon a time there was")];
        GenerationResult first = await pipeline.GenerateAsync(known, Options with { MaxOutputTokens = Expected.Length });
        Assert.That(first.TokenIds, Is.EqualTo(Expected));
        Assert.That(first.Statistics.AcceptedTokens, Is.GreaterThan(0));

        int[][] prompts = [.. new[] { 1, 12, 63, 64, 65, 130, 300 }.Select(length => Enumerable.Range(0, length).Select(i => ((i * 7919) + length) % 4096).ToArray())];
        var plain = new List<GenerationResult>();
        foreach (int[] prompt in prompts)
            plain.Add(await pipeline.GenerateAsync(prompt, Options with { Speculate = false }));

        // The second time over, sessions for several requests are there.
        for (int turn = 0; turn < 2; turn++)
        {
            GenerationResult[] together = await Task.WhenAll(prompts.Select(prompt => pipeline.GenerateAsync(prompt, Options)));
            Assert.That(together.Select(result => result.TokenIds), Is.EqualTo(plain.Select(result => result.TokenIds)));
        }
    }
}
