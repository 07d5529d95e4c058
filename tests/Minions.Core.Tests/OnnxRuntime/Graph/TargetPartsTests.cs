using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

/// <summary>What heads borrow gives, bit for bit, what the whole target has at that place.</summary>
public sealed class TargetPartsTests
{
    private static readonly int[] Text = [3, 9, 27, 17, 5, 30, 31, 8];

    private static readonly string[] Folders =
    [
        Path.Combine(RepositoryFiles.Family, "target"),
        Path.Combine(RepositoryFiles.SmolLm2, "target"),
        Path.Combine(RepositoryFiles.SmolLm2, "draft-code"),
        Path.Combine(RepositoryFiles.Tiny, "llama-int4"),
        Path.Combine(RepositoryFiles.Tiny, "qwen3-fp32"),
        Path.Combine(RepositoryFiles.Heads, "eagle3", "target"),
        Path.Combine(RepositoryFiles.Graphs, "opset24-attention"),
    ];

    [TestCaseSource(nameof(Folders))]
    public void The_embedding_gives_the_rows_that_the_first_layer_starts_from(string path)
    {
        var folder = ModelFolder.Read(path);
        TargetPart part = DecoderGraph.Read(folder).EmbeddingPart();
        Assert.That(part.Input, Is.EqualTo(folder.Names.InputIds));
        using InferenceSession embedding = GraphRunner.Open(folder, part.Graph.File);
        Assert.That((embedding.InputMetadata.Keys.Single(), embedding.OutputMetadata.Keys.Single()), Is.EqualTo((part.Input, part.Output)));

        float[] rows = GraphRunner.Run(embedding, Ids(part), part.Output)[0];
        Assert.That(rows, Has.Length.EqualTo(Text.Length * part.Width));
        Assert.That(rows, Is.EqualTo(StateOf(folder, part.Output, Text)[0]));
    }

    [TestCaseSource(nameof(Folders))]
    public void The_head_turns_the_final_state_into_the_logits(string path)
    {
        var folder = ModelFolder.Read(path);
        TargetPart part = DecoderGraph.Read(folder).HeadPart();
        Assert.That(part.Output, Is.EqualTo(folder.Names.Logits));
        using InferenceSession head = GraphRunner.Open(folder, part.Graph.File);
        Assert.That((head.InputMetadata.Keys.Single(), head.OutputMetadata.Keys.Single()), Is.EqualTo((part.Input, part.Output)));

        foreach (int rows in new[] { 2, 5, Text.Length })
        {
            float[][] whole = StateOf(folder, StateOutputs.Final, Text[..rows]);
            Assert.That(GraphRunner.Run(head, State(part, whole[0], rows), part.Output)[0], Is.EqualTo(whole[1]), $"{rows} rows");
        }
    }

    [Test]
    public void Parts_hold_no_weight_that_they_do_not_read()
    {
        var folder = ModelFolder.Read(Path.Combine(RepositoryFiles.Heads, "eagle3", "target"));
        DecoderGraph graph = DecoderGraph.Read(folder);

        Assert.That(graph.EmbeddingPart().Graph.Weights, Is.EqualTo(new[] { "model.embed_tokens.weight" }));
        Assert.That(graph.HeadPart().Graph.Weights, Is.EqualTo(new[] { "lm_head.weight_t" }));
        Assert.That(OnnxModel.Parser.ParseFrom(graph.HeadPart().Graph.File).Graph.Initializer.Single().ExternalData, Is.Not.Empty, "the weights stay where they are");
    }

    [Test]
    public void Scaled_embeddings_and_capped_logits_are_lent_scaled_and_capped([Values] bool normalised)
    {
        var options = new SyntheticOptions { GroupQuery = true };
        OnnxModel model = SyntheticDecoder.Build(options);
        if (!normalised)
            NormalisationSteps.TakeApart(model.Graph);
        OnnxNode embedding = model.Graph.Node.Single(node => node.OpType == "Gather" && node.Input[1] == "input_ids");
        OnnxNode logits = model.Graph.Node.Single(node => node.Output.Contains("logits"));
        NormalisationSteps.PutBehind(model.Graph, embedding, "scaled", new OnnxNode { OpType = "Mul", Input = { embedding.Output[0], "norm.scale" } });
        NormalisationSteps.PutBehind(model.Graph, model.Graph.Node.Single(node => node.Output.Contains(logits.Input[0])), "capped", new OnnxNode { OpType = "Tanh", Input = { logits.Input[0] } });
        using var files = SyntheticFolder.Create(options, model);
        var folder = ModelFolder.Read(files.Path);

        Assert.That(DecoderGraph.Read(folder).EmbeddingPart().Output, Is.EqualTo("scaled"));
        The_embedding_gives_the_rows_that_the_first_layer_starts_from(files.Path);
        if (normalised)
            The_head_turns_the_final_state_into_the_logits(files.Path);
        else
            Assert.That(() => DecoderGraph.Read(folder).HeadPart(), Throws.TypeOf<ModelLoadException>().With.Message.Contains("is not understood").And.Message.Contains(folder.ModelFile));
    }

    [Test]
    public void An_embedding_that_depends_on_positions_is_refused()
    {
        using var files = SyntheticFolder.Create(new SyntheticOptions());
        var folder = ModelFolder.Read(files.Path);

        Assert.That(() => DecoderGraph.Read(folder).EmbeddingPart(), Throws.TypeOf<ModelLoadException>().With.Message.Contains("'position_ids'").And.Property("Path").EqualTo(folder.ModelFile));
    }

    [Test]
    public void An_end_that_is_not_understood_is_refused()
    {
        var options = new SyntheticOptions { GroupQuery = true };
        OnnxModel model = SyntheticDecoder.Build(options);
        OnnxNode logits = model.Graph.Node.Single(node => node.Output.Contains("logits"));
        NormalisationSteps.PutBehind(model.Graph, model.Graph.Node.Single(node => node.Output.Contains(logits.Input[0])), "mixed", new OnnxNode { OpType = "Softmax", Input = { logits.Input[0] } });
        using var files = SyntheticFolder.Create(options, model);

        Assert.That(() => DecoderGraph.Read(ModelFolder.Read(files.Path)).HeadPart(), Throws.TypeOf<ModelLoadException>().With.Message.Contains("head matrix").And.Message.Contains("is not understood"));
    }

    private static Dictionary<string, OrtValue> Ids(TargetPart part) => new()
    {
        [part.Input] = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(Text, id => (long)id), [1, Text.Length]),
    };

    private static Dictionary<string, OrtValue> State(TargetPart part, float[] state, int rows) => new()
    {
        [part.Input] = OrtValue.CreateTensorValueFromMemory(state, [1, rows, part.Width]),
    };

    // The state and the logits of the whole graph.
    private static float[][] StateOf(ModelFolder folder, string state, int[] text)
    {
        DecoderGraph graph = DecoderGraph.Read(folder, [state]);
        using InferenceSession session = GraphRunner.Open(folder, graph.ChangedOnly()!.File);
        return GraphRunner.RunOriginal(session, folder, text, graph.States[0].Tensor, folder.Names.Logits);
    }
}
