using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

/// <summary>Which tensor a state is, of which width and type; that it holds the right numbers is tested with sessions.</summary>
public sealed class StateOutputsTests
{
    private static readonly SyntheticOptions GroupQuery = new() { GroupQuery = true, ExplicitPositions = true };
    private static readonly string Eagle = Path.Combine(RepositoryFiles.Heads, "eagle3", "target");

    private static IEnumerable<TestCaseData> Tensors =>
    [
        Tensor(Path.Combine(RepositoryFiles.SmolLm2, "target"), 576, ("model.layers.10.n1", "model.layers.10.n1"), ("layer:9", "model.layers.10.n1.sum"), ("final", "final")),
        Tensor(Path.Combine(RepositoryFiles.Family, "target"), 384, ("layer:0", "layers.0.res2"), ("layer:7", "layers.7.res2"), ("final", "final")),
        Tensor(Path.Combine(RepositoryFiles.Tiny, "llama-int4"), 64, ("layer:0", "/model/layers.1/input_layernorm/output_3"), ("final", "/model/layers.2/final_norm_layernorm/output_0")),
        Tensor(Path.Combine(RepositoryFiles.Tiny, "qwen3-fp32"), 64, ("layer:0", "/model/layers.1/input_layernorm/output_3"), ("final", "/model/layers.2/final_norm_layernorm/output_0")),
        Tensor(Path.Combine(RepositoryFiles.Graphs, "gqa-window128-ring"), 16, ("layer:0", "x1")),
        Tensor(Eagle, 64, ("hidden_states.1", "hidden_states.1"), ("layer:0", "hidden_states.0"), ("layer:2", "hidden_states.2"), ("layer:3", "val_14"), ("final", "v_model.norm.RMSNormalization_107")),
    ];

    private static IEnumerable<TestCaseData> Faults =>
    [
        Fault("no such value", ["hiden_states.0"], "state 'hiden_states.0': the graph computes no value of this name", "'hidden_states.0', 'hidden_states.1', 'hidden_states.2'", "'final'", "layer:0 to layer:3"),
        Fault("no such layer", ["layer:4"], "the layers are layer:0 to layer:3"),
        Fault("a layer below zero", ["layer:-1"], "the layers are"),
        Fault("a layer without a number", ["layer:"], "the layers are"),
        Fault("one name twice", ["final", "final"], "'final': it is asked for twice"),
        Fault("logits", ["logits"], "the logits"),
        Fault("a cache", ["present.1.key"], "a KV cache"),
        Fault("an input", ["input_ids"], "an input or a weight"),
        Fault("a weight", ["model.norm.weight"], "an input or a weight"),
        Fault("four dimensions", ["v_model.Unsqueeze_10"], "[batch, 1, sequence_len, past_seq_len + seq_len], where [batch, rows, width]"),
        Fault("truth values", ["v_model.Expand_9"], "type number 9, where float32, float16 or bfloat16"),
    ];

    [TestCaseSource(nameof(Tensors))]
    public void A_state_is_told_by_tensor_type_and_width_in_the_order_asked_for(string path, int width, string[] names, string[] tensors)
    {
        DecoderGraph graph = DecoderGraph.Read(ModelFolder.Read(path), names);

        Assert.That(graph.States, Is.EqualTo(names.Zip(tensors, (name, tensor) => new StateOutput(name, tensor, OnnxElement.Float, width))));
    }

    [Test]
    public void Heads_may_name_one_value_differently()
    {
        DecoderGraph graph = DecoderGraph.Read(ModelFolder.Read(Eagle), ["layer:2", "hidden_states.2"]);
        Assert.That(graph.States.Select(state => (state.Name, state.Tensor)), Is.EqualTo(new[] { ("layer:2", "hidden_states.2"), ("hidden_states.2", "hidden_states.2") }));
    }

    [TestCaseSource(nameof(Faults))]
    public void What_cannot_be_given_is_refused_by_name(string[] names, string[] parts)
    {
        var folder = ModelFolder.Read(Eagle);

        ModelLoadException fault = Assert.Throws<ModelLoadException>(() => DecoderGraph.Read(folder, names))!;
        Assert.That(fault.Path, Is.EqualTo(folder.ModelFile));
        foreach (string part in (string[])[.. parts, $"'{folder.ModelFile}'", $"the state '{names[^1]}'"])
            Assert.That(fault.Message, Does.Contain(part));
    }

    [Test]
    public void A_layer_is_found_in_every_form_of_attention_and_of_normalisation([Values] bool groupQuery, [Values] bool takenApart)
    {
        OnnxModel model = SyntheticDecoder.Build(groupQuery ? GroupQuery : new SyntheticOptions { UnevenLayers = true });

        // Two normalisations a layer: the third belongs to the second layer's attention.
        string expected = model.Graph.Node.Where(Normalisations.Is).ElementAt(2).Input[0];
        if (takenApart)
            NormalisationSteps.TakeApart(model.Graph);

        Assert.That(Expose(model, "layer:0")[0], Is.EqualTo(new StateOutput("layer:0", expected, OnnxElement.Float, SyntheticOptions.Hidden)));
    }

    [Test]
    public void Normalisations_between_projection_and_attention_are_passed()
    {
        OnnxModel model = SyntheticDecoder.Build(GroupQuery);
        OnnxGraph graph = model.Graph;
        OnnxNode norm = graph.Node.Where(Normalisations.Is).ElementAt(2);
        graph.Initializer.Add(Weight("down", SyntheticOptions.Hidden, 8));
        graph.Initializer.Add(Weight("inner", 8));
        graph.Initializer.Add(Weight("up", 8, SyntheticOptions.Hidden));
        NormalisationSteps.PutBehind(graph, norm, "narrow", new OnnxNode { OpType = "MatMul", Input = { norm.Output[0], "down" } });
        NormalisationSteps.PutBehind(graph, graph.Node.First(node => node.Name == "narrow"), "latent", new OnnxNode { OpType = "SimplifiedLayerNormalization", Input = { "narrow", "inner" } });
        NormalisationSteps.PutBehind(graph, graph.Node.First(node => node.Name == "latent"), "wide", new OnnxNode { OpType = "MatMul", Input = { "latent", "up" } });

        Assert.That(Expose(model, "layer:0")[0].Tensor, Is.EqualTo(norm.Input[0]));
    }

    [Test]
    public void A_sum_that_a_node_has_left_out_becomes_its_output()
    {
        OnnxModel model = Read(Eagle);
        OnnxNode final = model.Graph.Node.Last(Normalisations.Is);
        while (final.Output.Count > 1)
            final.Output.RemoveAt(1);

        string sum = StateOutputs.Expose(model, ModelFolder.Read(Eagle), ["layer:3"]).States[0].Tensor;
        Assert.That(final.Output, Is.EqualTo(new[] { final.Output[0], "", "", sum }));
        Assert.That(model.Graph.Output.Select(output => output.Name), Has.Some.EqualTo(sum));
    }

    [Test]
    public void A_function_that_does_not_give_its_sum_is_refused()
    {
        OnnxModel model = Read(Eagle);
        model.Functions[0].Output.Remove("add_out");
        var folder = ModelFolder.Read(Eagle);

        Assert.That(() => StateOutputs.Expose(model, folder, ["layer:3"]), Throws.TypeOf<ModelLoadException>().With.Message.Contains("'layer:3'").And.Message.Contains("name the tensor instead"));
    }

    [TestCase(OnnxElement.Float16)]
    [TestCase(OnnxElement.BFloat16)]
    public void Half_precision_is_told_by_the_weights_or_the_graph(int element)
    {
        OnnxModel model = SyntheticDecoder.Build(GroupQuery);
        model.Graph.Initializer.Single(tensor => tensor.Name == "norm.scale").DataType = element;
        string layer = model.Graph.Node.Where(Normalisations.Is).ElementAt(2).Output[0], stated = model.Graph.Node.Last(Normalisations.Is).Input[0];
        model.Graph.ValueInfo.Add(ValueTypes.Rows(stated, element, 17, model.Graph, "input_ids"));

        Assert.That(Expose(model, layer, stated), Is.EqualTo(new[] { new StateOutput(layer, layer, element, SyntheticOptions.Hidden), new StateOutput(stated, stated, element, 17) }));
        Assert.That(model.Graph.ValueInfo, Is.Empty, "an output states its own shape");
        Assert.That(model.Graph.Output[^1].Type.TensorType.Shape.Dim.Select(dimension => dimension.DimParam), Is.EqualTo(new[] { "batch_size", "sequence_length", "" }));
    }

    [Test]
    public void An_unknown_width_a_fixed_length_and_an_end_that_is_not_understood_are_refused()
    {
        OnnxModel model = SyntheticDecoder.Build(GroupQuery);
        OnnxNode final = model.Graph.Node.Last(Normalisations.Is);
        Expect("attention.0", "tells the width and element type of 'attention.0'");

        OnnxValueInfo row = ValueTypes.Rows(final.Output[0], OnnxElement.Float, 32, model.Graph, "input_ids");
        row.Type.TensorType.Shape.Dim[1] = new OnnxDimension { DimValue = 1 };
        model.Graph.ValueInfo.Add(row);
        Expect("final", "[batch_size, 1, 32], where [batch, rows, width]");

        NormalisationSteps.TakeApart(model.Graph);
        Expect("final", "is not understood");
        Expect("layer:1", "final normalisation behind the last layer");

        model.Graph.Input.Single(input => input.Name == "past_key_values.1.key").Name = "renamed";
        foreach (OnnxNode node in model.Graph.Node.Where(node => node.Input.Contains("past_key_values.1.key")))
            node.Input[node.Input.IndexOf("past_key_values.1.key")] = "renamed";
        Expect("layer:0", "'past_key_values.1.key'");

        void Expect(string state, string reason) =>
            Assert.That(() => Expose(model, state), Throws.TypeOf<ModelLoadException>().With.Message.Contains(reason).And.Message.Contains($"'{state}'"));
    }

    [Test]
    public void Nothing_is_changed_where_nothing_is_wanted()
    {
        OnnxModel model = SyntheticDecoder.Build(GroupQuery), before = model.Clone();

        Assert.That(Expose(model), Is.Empty);
        Assert.That(model, Is.EqualTo(before));
    }

    private static IReadOnlyList<StateOutput> Expose(OnnxModel model, params string[] names) => StateOutputs.Expose(
        model, new ModelFolder { Path = ".", Name = "none", ModelFile = Path.GetFullPath("model.onnx"), ContextLength = 64, LayerCount = 2 }, names).States;

    private static OnnxModel Read(string folder) => OnnxModel.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));

    private static OnnxTensor Weight(string name, params long[] dimensions) => new() { Name = name, DataType = OnnxElement.Float, Dims = { dimensions } };

    private static TestCaseData Tensor(string path, int width, params (string Name, string Tensor)[] states) =>
        new TestCaseData(path, width, states.Select(state => state.Name).ToArray(), states.Select(state => state.Tensor).ToArray()).SetArgDisplayNames(Path.GetFileName(path));

    private static TestCaseData Fault(string name, string[] states, params string[] parts) => new TestCaseData(states, parts).SetArgDisplayNames(name);
}
