using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

/// <summary>A switch is found by what its condition gives, not by the form in which it is written.</summary>
public sealed class FactorSwitchTests
{
    private static readonly SyntheticOptions Options = new() { GroupQuery = true, ExplicitPositions = true, ContextLength = 200, LongestShortText = 50 };

    private static readonly ModelFolder Folder = new() { Path = ".", Name = "none", ModelFile = Path.GetFullPath("model.onnx"), ContextLength = 200, LayerCount = 2, KvHeads = 2, HeadSize = 16 };

    private static IEnumerable<TestCaseData> Conditions =>
    [
        Case("total of the mask", new FactorSwitch(50, true)),
        Case("the other way round", new FactorSwitch(50, false), Node("Greater", "total", "fifty", "is_long"), Node("Not", "is_long", "condition")),
        Case("from a length on", new FactorSwitch(49, true), Node("Cast", "fifty", "as_float", ("to", 1)), Node("Cast", "total", "total_float", ("to", 1)), Node("GreaterOrEqual", "total_float", "as_float", "condition")),
        Case("last position", new FactorSwitch(51, true), Node("ReduceMax", "position_ids", null, "last", ("keepdims", 0)), Node("Greater", "last", "fifty", "condition")),
        Case("sum of the mask", new FactorSwitch(50, true), Node("ReduceSum", "attention_mask", null, "sum", ("keepdims", 0)), Node("Greater", "sum", "fifty", "condition")),
        Case("past and rows", new FactorSwitch(50, true),
            Node("Shape", "past_key_values.0.key", "past_shape"), Node("Gather", "past_shape", "two", "past"), Node("Shape", "input_ids", "ids_shape"),
            Node("Gather", "ids_shape", "one", "rows"), Node("Add", "past", "rows", "sum"), Node("Greater", "sum", "fifty", "condition")),
        Case("rows of the run", null, Node("Shape", "input_ids", "ids_shape"), Node("Gather", "ids_shape", "one", "rows"), Node("Greater", "rows", "fifty", "condition")),
        Case("several flags", null, Node("Greater", "position_ids", "fifty", "condition")),
        Case("changes twice", null, Node("Mod", "total", "fifty", "rest"), Node("Greater", "rest", "two", "condition")),
    ];

    [TestCaseSource(nameof(Conditions))]
    public void A_condition_is_understood_by_its_values(object nodes, object? expected)
    {
        OnnxModel model = Build();
        if (((OnnxNode[])nodes).Length > 0)
            Replace(model.Graph, (OnnxNode[])nodes);

        Assert.That(FactorSwitch.Expose(model, Folder), Is.EqualTo(expected));
        Assert.That(Branches(model.Graph).Select(node => node.Input[0]), Has.All.Matches<string>(input => input == FactorSwitch.Input == expected is not null));
        Assert.That(CrossRowOperators.FindFirst(model), expected is null ? Is.Not.Null : Is.Null, "what is not understood is named");
    }

    [Test]
    public void A_branch_that_computes_of_the_run_is_no_choice_of_factors()
    {
        OnnxModel model = Build();
        OnnxGraph branch = Branches(model.Graph).First().Attribute[0].G;
        branch.Node.Insert(0, Node("Cast", "input_ids", "seen", ("to", 1)));

        Assert.That(FactorSwitch.Expose(model, Folder), Is.EqualTo(new FactorSwitch(50, true)), "the other branch still is");
        Assert.That(CrossRowOperators.FindFirst(model), Does.Contain("If"));
    }

    private static OnnxModel Build()
    {
        OnnxModel model = SyntheticDecoder.Build(Options);
        foreach ((string name, long value) in new[] { ("one", 1L), ("two", 2L), ("fifty", 50L) })
            model.Graph.Initializer.Add(new OnnxTensor { Name = name, DataType = OnnxElement.Int64, RawData = Google.Protobuf.ByteString.CopyFrom(BitConverter.GetBytes(value)) });
        return model;
    }

    private static IEnumerable<OnnxNode> Branches(OnnxGraph graph) => graph.Node.Where(node => node.OpType == "If");

    private static void Replace(OnnxGraph graph, OnnxNode[] nodes)
    {
        int at = graph.Node.IndexOf(Branches(graph).First());
        OnnxNode shape = Node("Shape", "attention_mask", "mask_shape"), total = Node("Gather", "mask_shape", "one", "total");
        foreach (OnnxNode node in nodes.Reverse().Append(total).Append(shape))
            graph.Node.Insert(at, node);
        foreach (OnnxNode branch in Branches(graph))
            branch.Input[0] = "condition";
    }

    private static OnnxNode Node(string op, string input, string output, params (string Name, long Value)[] attributes) => Node(op, input, null, output, attributes);

    private static OnnxNode Node(string op, string input, string? other, string output, params (string Name, long Value)[] attributes)
    {
        var node = new OnnxNode { Name = output, OpType = op, Input = { input }, Output = { output } };
        if (other is not null)
            node.Input.Add(other);
        foreach ((string name, long value) in attributes)
            node.Attribute.Add(GraphBuilder.Attribute(name, value));
        return node;
    }

    private static TestCaseData Case(string name, object? expected, params OnnxNode[] nodes) => new TestCaseData(nodes, expected).SetArgDisplayNames(name);
}
