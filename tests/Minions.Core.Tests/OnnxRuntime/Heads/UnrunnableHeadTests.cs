using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Heads;

/// <summary>What a head cannot be run with is refused by name when it is loaded.</summary>
public sealed class UnrunnableHeadTests
{
    private static IEnumerable<TestCaseData> Changes =>
    [
        Case("recurrent states", graph => graph.Input.Add(Value("past_conv.0", OnnxElement.Float, 1, 32, 3)), "'past_conv.0'", "taken back"),
        Case("a cache that its number of layers leaves out", graph => graph.Input.Add(Value("past_key_values.2.key", OnnxElement.Float, 1, 2, 0, 16)), "'past_key_values.2.key'", "number of layers"),
        Case("positions of several axes", graph => Shape(graph, "position_ids").Insert(0, new OnnxDimension { DimValue = 3 }), "'position_ids' has 3 dimensions"),
        Case("rows of a fixed number", graph =>
        {
            foreach (string input in new[] { "inputs_embeds", "hidden_states", "position_ids" })
                Shape(graph, input)[1] = new OnnxDimension { DimValue = 4 };
        }, "fixed length of 4", "dynamic lengths"),
        Case("a cache of a fixed length", graph =>
        {
            foreach (string kind in new[] { "key", "value" })
                Shape(graph, $"past_key_values.0.{kind}")[2] = new OnnxDimension { DimValue = 512 };
        }, "'past_key_values.0.key' has a fixed length of 512"),
        Case("no caches", graph =>
        {
            foreach (OnnxValueInfo past in graph.Input.Where(input => input.Name.StartsWith("past", StringComparison.Ordinal)).ToList())
                graph.Input.Remove(past);
        }, "caches of 0 layers", "with its KV cache"),
        Case("no states", graph => graph.Input.Remove(graph.Input.Single(input => input.Name == "hidden_states")), "no input 'fused_hidden' or 'hidden_states'"),
        Case("states of a width that is not stated", graph => Shape(graph, "hidden_states")[2] = new OnnxDimension { DimParam = "width" }, "'hidden_states'", "width"),
        Case("states that are no numbers", graph => graph.Input.Single(input => input.Name == "hidden_states").Type.TensorType.ElemType = OnnxElement.Int64, "mtp.onnx"),
    ];

    [TestCaseSource(nameof(Changes))]
    public void It_is_refused_by_name(object change, string[] parts)
    {
        using var folder = new MtpFolder(borrows: true);
        OnnxModel head = folder.Graph.Clone();
        ((Action<OnnxGraph>)change)(head.Graph);
        folder.WriteHead(head);

        ModelLoadException? fault = Assert.ThrowsAsync<ModelLoadException>(async () => (await OnnxHeadModel.LoadAsync(folder.HeadOptions)).Dispose());
        foreach (string part in parts)
            Assert.That(fault!.Message, Does.Contain(part));
    }

    private static Google.Protobuf.Collections.RepeatedField<OnnxDimension> Shape(OnnxGraph graph, string input) =>
        graph.Input.Single(known => known.Name == input).Type.TensorType.Shape.Dim;

    private static OnnxValueInfo Value(string name, int element, params long[] dimensions) => new()
    {
        Name = name,
        Type = new OnnxType
        {
            TensorType = new OnnxTensorType { ElemType = element, Shape = new OnnxShape { Dim = { dimensions.Select(size => new OnnxDimension { DimValue = size }) } } },
        },
    };

    private static TestCaseData Case(string name, Action<OnnxGraph> change, params string[] parts) => new TestCaseData(change, parts).SetArgDisplayNames(name);
}
