using Minions.Core.Generation;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.GenAI.Tests.EndToEnd;

internal sealed class AdapterTests
{
    private static readonly int[] Prompt = [3, 9, 27, 1, 14, 8, 30, 5, 2, 11, 19, 4, 21, 6];

    // Of the first layer, so that keys and values differ as well.
    private const string Replaced = "qkv.0";
    private const int Width = 3 * SyntheticOptions.Hidden;

    [Test]
    public async Task Each_request_runs_with_the_adapter_it_names_also_where_it_goes_on_in_the_text_of_another()
    {
        using TemporaryFolder folder = WithAdapters("law", "code");
        await using SpeculativePipeline pipeline = await OpenAsync(folder, "law", "code");
        List<int>[] texts = [];
        for (int turn = 0; turn < 2; turn++)
        {
            List<int>[] now = [await TextAsync(pipeline, null), await TextAsync(pipeline, "law"), await TextAsync(pipeline, "code")];
            Assert.That(now[0], Is.Not.EqualTo(now[1]).And.Not.EqualTo(now[2]));
            Assert.That(now[1], Is.Not.EqualTo(now[2]));
            if (turn > 0)
                Assert.That(now, Is.EqualTo(texts));
            texts = now;
        }

        // One graph with the weights of the adapter in place says what the adapter says.
        OnnxModel merged = SyntheticDecoder.Build(Decoder);
        merged.Graph.Initializer.Single(weights => weights.Name == Replaced).RawData = Google.Protobuf.ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(WeightsOf("law").AsSpan()));
        merged.Graph.Initializer.Single(weights => weights.Name == Replaced).FloatData.Clear();
        using TemporaryFolder mergedFolder = GenAIFolders.Synthetic(Decoder, model: merged);
        await using SpeculativePipeline other = await OpenAsync(mergedFolder);
        Assert.That(texts[1], Is.EqualTo(await TextAsync(other, null)));
    }

    [TestCase("law", "Model 'target' has no adapter 'law'. It was loaded with none")]
    [TestCase(7, "is a Int32, but the name of an adapter is a string")]
    public async Task An_adapter_that_was_not_loaded_is_refused_and_the_pipeline_goes_on(object adapter, string message)
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = await GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.FamilyTarget }) });
        var options = new GenerationOptions { MaxOutputTokens = 4 };

        Assert.That(
            () => pipeline.GenerateAsync("Once", options with { Properties = new Dictionary<string, object?> { [GenAIModelOptions.AdapterProperty] = adapter } }),
            Throws.ArgumentException.With.Message.Contains(message));
        Assert.That((await pipeline.GenerateAsync("Once", options)).TokenIds, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task A_draft_passes_over_an_adapter_that_it_does_not_have()
    {
        using GenAIDraftModel draft = await GenAIDraftModel.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.Tales });
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions { Properties = new Dictionary<string, object?> { [GenAIModelOptions.AdapterProperty] = "law" } });

        var request = new Drafting.DraftRequest(sequence);
        request.Prepare(new[] { 1, 2, 3 }, length: 2);
        draft.Propose([request], CancellationToken.None);

        Assert.That((request.Fault, request.Proposal.Count), Is.EqualTo(((Exception?)null, 2)));
    }

    private static SyntheticOptions Decoder { get; } = new() { GroupQuery = true };

    // Others for each name.
    private static float[] WeightsOf(string name)
    {
        var random = new Random(name.Length);
        return [.. Enumerable.Range(0, SyntheticOptions.Hidden * Width).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static TemporaryFolder WithAdapters(params string[] names)
    {
        // An initializer that is an input as well can be replaced for a run.
        OnnxModel model = SyntheticDecoder.Build(Decoder);
        model.Graph.Input.Add(new OnnxValueInfo
        {
            Name = Replaced,
            Type = new OnnxType
            {
                TensorType = new OnnxTensorType
                {
                    ElemType = OnnxElement.Float,
                    Shape = new OnnxShape { Dim = { new OnnxDimension { DimValue = SyntheticOptions.Hidden }, new OnnxDimension { DimValue = Width } } },
                },
            },
        });
        TemporaryFolder folder = GenAIFolders.Synthetic(Decoder, model: model);
        foreach (string name in names)
            AdapterFile.Write(Path.Combine(folder.Path, name), Replaced, WeightsOf(name), SyntheticOptions.Hidden, Width);
        return folder;
    }

    private static async Task<SpeculativePipeline> OpenAsync(TemporaryFolder folder, params string[] adapters) => new(new PipelineComponents
    {
        Target = await GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = folder.Path, Adapters = adapters.ToDictionary(name => name, name => Path.Combine(folder.Path, name)) }),
        Drafts = [new TabularDraft("last again", prefix => prefix[^1])],
        LengthController = new FixedSpeculationLength(2),
        EndTokens = [],
    });

    private static async Task<List<int>> TextAsync(SpeculativePipeline pipeline, string? adapter)
    {
        var options = new GenerationOptions { MaxOutputTokens = 20, Properties = new Dictionary<string, object?> { [GenAIModelOptions.AdapterProperty] = adapter } };
        return [.. (await pipeline.GenerateAsync(Prompt, options)).TokenIds];
    }
}
