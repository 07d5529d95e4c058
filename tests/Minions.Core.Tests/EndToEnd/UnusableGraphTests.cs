using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.EndToEnd;

/// <summary>A graph that cannot work is refused when it is loaded, as target and as draft: no request finds it out.</summary>
public sealed class UnusableGraphTests
{
    private static IEnumerable<TestCaseData> Faults =>
    [
        Case("positions of several axes, in place", groupQuery: true, graph => Dimensions(graph.Input, "position_ids").Insert(0, new OnnxDimension { DimValue = 3 }), "'position_ids' has 3 dimensions", "[batch, length]"),
        .. Case("ids of a fixed number", graph => Dimensions(graph.Input, "input_ids")[1] = new OnnxDimension { DimValue = 1 }, "'input_ids' has a fixed length of 1", "dynamic lengths"),
        Case("a mask of a fixed length, concatenated", groupQuery: false, graph => Dimensions(graph.Input, "attention_mask")[1] = new OnnxDimension { DimValue = 64 }, "'attention_mask' has a fixed length of 64", "dynamic lengths"),
        .. Case("a past of a fixed length", graph => Dimensions(graph.Input, "past_key_values.0.key")[2] = new OnnxDimension { DimValue = 63 }, "'past_key_values.0.key' has a fixed length of 63", "dynamic lengths"),
        .. Case("a present of a fixed length", graph => Dimensions(graph.Output, "present.1.value")[2] = new OnnxDimension { DimValue = 64 }, "'present.1.value' has a fixed length of 64", "dynamic lengths"),
        .. Case("no past", graph => Rename(graph, "past_key_values.1.key"), "no input 'past_key_values.1.key'", "KV cache"),
        .. Case("no present", graph => graph.Output.Remove(graph.Output.Single(value => value.Name == "present.0.value")), "no output 'present.0.value'", "KV cache"),
        .. Case("rows that are cut", graph => Cut(graph), "does not have a row for each id", "without cutting the logits"),
        Case("a past that is forgotten, in place", groupQuery: true, graph => Forget(graph), "trial run", "same model"),
    ];

    [TestCaseSource(nameof(Faults))]
    public void The_message_names_what_is_wrong_and_what_to_do(bool groupQuery, object change, string fault, string remedy)
    {
        var options = new SyntheticOptions { GroupQuery = groupQuery, ExplicitPositions = true };
        OnnxModel model = SyntheticDecoder.Build(options);
        ((Action<OnnxGraph>)change)(model.Graph);
        using var files = SyntheticFolder.Create(options, model);
        var load = new OnnxModelOptions { Folder = files.Path };
        foreach (Func<Task> open in new Func<Task>[] { async () => await OnnxTargetVerifier.LoadAsync(load), async () => await OnnxDraftModel.LoadAsync(load) })
        {
            Assert.That(
                async () => await open(),
                Throws.TypeOf<ModelLoadException>().With.Message.Contains(fault).And.Message.Contains(remedy).And.Message.Not.Contains("slot0.").And.Property("Path").EqualTo(Path.Combine(files.Path, "model.onnx")));
        }
    }

    [Test]
    public void More_layers_than_configured_are_named([Values] bool groupQuery)
    {
        var options = new SyntheticOptions { GroupQuery = groupQuery };
        using var files = SyntheticFolder.Create(options with { Layers = 2 }, SyntheticDecoder.Build(options with { Layers = 3 }));
        Assert.That(
            async () => await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = files.Path }),
            Throws.TypeOf<ModelLoadException>().With.Message.Contains("'past_key_values.2.key'").And.Message.Contains("number of layers"));
    }

    [Test]
    public async Task Layers_of_different_shapes_load([Values] bool groupQuery)
    {
        using var files = SyntheticFolder.Create(new SyntheticOptions { GroupQuery = groupQuery, UnevenLayers = true });
        using OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = files.Path });
        Assert.That(target.Exactness.IsGuaranteed, Is.True);
    }

    private static Google.Protobuf.Collections.RepeatedField<OnnxDimension> Dimensions(IEnumerable<OnnxValueInfo> values, string name) =>
        values.Single(value => value.Name == name).Type.TensorType.Shape.Dim;

    private static void Rename(OnnxGraph graph, string name)
    {
        graph.Input.Single(value => value.Name == name).Name = "other";
        OnnxNode reader = graph.Node.Single(node => node.Input.Contains(name));
        reader.Input[reader.Input.IndexOf(name)] = "other";
    }

    // The last row only, with dimensions that do not tell it.
    private static void Cut(OnnxGraph graph)
    {
        OnnxNode last = graph.Node[^1];
        foreach ((string name, long value) in new[] { ("cut.from", -1L), ("cut.to", int.MaxValue), ("cut.axis", 1L) })
            graph.Initializer.Add(new OnnxTensor { Name = name, DataType = OnnxElement.Int64, Dims = { 1 }, RawData = Google.Protobuf.ByteString.CopyFrom(BitConverter.GetBytes(value)) });
        graph.Node.Insert(graph.Node.Count - 1, new OnnxNode { Name = "cut", OpType = "Slice", Input = { last.Input[0], "cut.from", "cut.to", "cut.axis" }, Output = { "cut" } });
        last.Input[0] = "cut";
        Dimensions(graph.Output, "logits")[1] = new OnnxDimension { DimParam = "kept" };
    }

    // Ids and lengths that fit the first run only.
    private static void Forget(OnnxGraph graph)
    {
        graph.Initializer.Add(new OnnxTensor { Name = "three", DataType = OnnxElement.Int64, Dims = { 2 }, RawData = Google.Protobuf.ByteString.CopyFrom([.. BitConverter.GetBytes(1L), .. BitConverter.GetBytes(3L)]) });
        graph.Node.Insert(0, new OnnxNode { Name = "fixed", OpType = "Reshape", Input = { "input_ids", "three" }, Output = { "three_ids" } });
        foreach (OnnxNode node in graph.Node.Skip(1))
        {
            for (int i = 0; i < node.Input.Count; i++)
                node.Input[i] = node.Input[i] == "input_ids" ? "three_ids" : node.Input[i];
        }
    }

    private static TestCaseData Case(string name, bool groupQuery, Action<OnnxGraph> change, string fault, string remedy) =>
        new TestCaseData(groupQuery, change, fault, remedy).SetArgDisplayNames(name);

    private static IEnumerable<TestCaseData> Case(string name, Action<OnnxGraph> change, string fault, string remedy) =>
        new[] { false, true }.Select(groupQuery => new TestCaseData(groupQuery, change, fault, remedy).SetArgDisplayNames(name, groupQuery ? "in place" : "concatenated"));
}
