using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntimeGenAI;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.GenAI.Tests.EndToEnd;

/// <summary>A greedy text of the pipeline is what GenAI's own generator says when it is fed the same rows.</summary>
internal sealed class RawGeneratorTests
{
    private static readonly string[] Folders =
    [
        GenAIFolders.FamilyTarget, GenAIFolders.SmolLm2Target,
        Path.Combine(RepositoryFiles.Tiny, "llama-int4"), Path.Combine(RepositoryFiles.Tiny, "qwen3-fp32"),
    ];

    [TestCaseSource(nameof(Folders))]
    public async Task Texts_are_the_generators_own(string folder)
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = await GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = folder }), EndTokens = [] });
        int[] prompt = [5, 17, 40, 3, 99, 12, 7];
        GenerationResult result = await pipeline.GenerateAsync(prompt, new GenerationOptions { MaxOutputTokens = 24 });

        Assert.That(result.TokenIds, Is.EqualTo(TwoRowsARun(folder, prompt, count: 24)));
    }

    [Test]
    public async Task What_GenAI_appends_again_behind_a_rewind_never_reaches_the_text()
    {
        // GenAI's next token after a rewind comes behind the last id run once more; texts here never come from there.
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = await GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.FamilyTarget }),
            Drafts = [new TabularDraft("wrong", Counting.By(1, vocabulary: 4096), contextLength: 512)],
            LengthController = new FixedSpeculationLength(4),
            EndTokens = [],
        });
        int[] prompt = [5, 17, 40, 3, 99, 12, 7];
        GenerationResult result = await pipeline.GenerateAsync(prompt, new GenerationOptions { MaxOutputTokens = 24 });

        Assert.That(result.Statistics.DraftTokens, Is.GreaterThan(20), "it went back in every round");
        Assert.That(result.TokenIds, Is.EqualTo(TwoRowsARun(GenAIFolders.FamilyTarget, prompt, count: 24)));
    }

    private static List<int> TwoRowsARun(string folder, int[] prompt, int count)
    {
        using var config = new Config(folder);
        config.Overlay("{\"model\":{\"decoder\":{\"session_options\":{\"intra_op_num_threads\":" + Environment.ProcessorCount + "}}}}");
        using var model = new Model(config);
        using var parameters = new GeneratorParams(model);
        parameters.SetSearchOption("max_length", 128);
        using var generator = new Generator(model, parameters);
        var text = new List<int>(prompt);
        generator.AppendTokens(prompt);
        while (text.Count < prompt.Length + count)
        {
            using Microsoft.ML.OnnxRuntimeGenAI.Tensor logits = generator.GetOutput("logits");
            int width = (int)logits.Shape()[2];
            text.Add(TensorPrimitives.IndexOfMax(logits.GetData<float>()[^width..]));
            generator.RewindTo((ulong)text.Count - 2);
            generator.AppendTokens([text[^2], text[^1]]);
        }

        return text[prompt.Length..];
    }
}
