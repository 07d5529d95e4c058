using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.Tests.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;
using static Minions.Core.Tests.OnnxRuntime.Synthetic.GraphBuilder;

namespace Minions.Core.Tests.OnnxRuntime.Decoding;

/// <summary>Attention that is made causal by a mask appends to its cache in place, if the mask does nothing else; any other mask stays where it is.</summary>
public sealed class CausalMaskTests
{
    private const float Lowest = -3.4028235e38f;

    private static readonly string Source = Path.Combine(RepositoryFiles.Graphs, "opset24-attention");

    private static IEnumerable<TestCaseData> Causal =>
    [
        Case("numbers", 0, graph => Numbers(graph, Visible(graph), 0, Lowest)),
        Case("numbers beside the attribute", 1, graph => Numbers(graph, Visible(graph), 0, Lowest)),
        Case("infinity", 0, graph => Numbers(graph, Visible(graph), 0, float.NegativeInfinity)),
        Case("the lowest of float16", 0, graph => Numbers(graph, Visible(graph), 0, -65504)),
        Case("truth values", 0, Visible),
        Case("positions", 0, graph => graph.Node("GreaterOrEqual", [
            graph.Node("Unsqueeze", ["position_ids", graph.Longs("axis2", [1], 2)]),
            graph.Node("Unsqueeze", [graph.Node("Sub", [Counted(graph), graph.Longs("one", [], 1)]), graph.Longs("axis1", [1], 1)])])),
    ];

    private static IEnumerable<TestCaseData> Others =>
    [
        Case("nothing hidden", 0, graph => Or(graph, Visible(graph), graph.Node("Not", [Visible(graph)]))),
        Case("a window", 0, graph => And(graph, Visible(graph), graph.Node("Less", [Distance(graph), graph.Longs("window", [], 100)]))),
        Case("a window a little shorter than the context", 1, graph => And(graph, Visible(graph), graph.Node("Less", [Distance(graph), graph.Longs("window", [], 4090)]))),
        Case("the first entry hidden", 0, graph => And(graph, Visible(graph), graph.Node("Greater", [Keys(graph), graph.Longs("one", [], 1)]))),
        Case("a bias by distance", 0, graph => graph.Node("Sub", [Numbers(graph, Visible(graph), 0, Lowest), graph.Cast(Distance(graph), OnnxElement.Float)])),
        Case("a number that hides too little", 0, graph => Numbers(graph, Visible(graph), 0, -100)),
        Case("ids that count", 0, graph => And(
            graph, Visible(graph), graph.Node("Greater", [graph.Node("ReduceMax", ["input_ids"], Attribute("keepdims", 0L)), graph.Longs("below", [], -1)]))),
        Case("more than can be tried", 0, graph => graph.Node("Slice", [
            graph.Node("GreaterOrEqual", [graph.Node("Unsqueeze", [Counted(graph), graph.Longs("axis2", [1], 2)]), Keys(graph)]),
            First(graph), Total(graph), graph.Longs("axis1", [1], 1)])),
        Case("chance", 0, graph => And(
            graph, Visible(graph), graph.Node("Greater", [graph.Node("RandomUniformLike", [Numbers(graph, Visible(graph), 0, 1)]), graph.Floats("below", [], -1)]))),
    ];

    [TestCaseSource(nameof(Causal))]
    public void A_causal_mask_is_left_out(long attribute, object mask)
    {
        using TemporaryFolder folder = With(attribute, (Func<GraphBuilder, string>)mask);
        using PackedDecoder packed = BitIdentityTests.Open(folder.Path);
        using PackedDecoder reference = BitIdentityTests.Open(Source);
        Assert.That(packed.Decoder.SharesBuffers, Is.True);
        Assert.That(packed.Sessions, Is.Not.Null);
        int[] text = [.. Enumerable.Range(0, 90).Select(i => ((i * 7919) + 3) % 4096)];

        Assert.That(StandardAttentionTests.Rows(packed.Decoder, text, 17, expectedLength: 0), Is.EqualTo(StandardAttentionTests.Rows(reference.Decoder, text, 17, expectedLength: 0)));
        using InferenceSession file = GraphRunner.Open(ModelFolder.Read(folder.Path));
        using InferenceSession original = GraphRunner.Open(ModelFolder.Read(Source));
        Assert.That(GraphRunner.RunOriginal(file, ModelFolder.Read(folder.Path), text), Is.EqualTo(GraphRunner.RunOriginal(original, ModelFolder.Read(Source), text)).Within(1e-4));
    }

    [TestCaseSource(nameof(Others))]
    public void Any_other_mask_stays(long attribute, object mask)
    {
        using TemporaryFolder folder = With(attribute, (Func<GraphBuilder, string>)mask);
        var read = ModelFolder.Read(folder.Path);

        Assert.That(DecoderGraph.Read(read).Rewrite(1, read, out string? reason), Is.Null);
        Assert.That(reason, Does.Contain(attribute == 1 ? "may hide entries" : "is not causal by itself"));
    }

    // The mask of the newer exporter: entries and rows are counted by the ones of the request's mask.
    private static string Visible(GraphBuilder graph) => And(
        graph,
        graph.Cast(graph.Node("Unsqueeze", ["attention_mask", graph.Longs("axis1", [1], 1)]), OnnxElement.Bool),
        graph.Node("GreaterOrEqual", [Rows(graph), Keys(graph)]));

    private static string Rows(GraphBuilder graph) =>
        graph.Node("Unsqueeze", [graph.Node("Slice", [Counted(graph), First(graph), Total(graph), graph.Longs("axis1", [1], 1)]), graph.Longs("axis2", [1], 2)]);

    private static string Keys(GraphBuilder graph) => graph.Node("Unsqueeze", [Counted(graph), graph.Longs("axis1", [1], 1)]);

    private static string Distance(GraphBuilder graph) => graph.Node("Sub", [Rows(graph), Keys(graph)]);

    private static string Counted(GraphBuilder graph) => graph.Node("CumSum", ["attention_mask", graph.Longs("one", [], 1)]);

    private static string Total(GraphBuilder graph) => Second(graph, "attention_mask");

    private static string First(GraphBuilder graph) => graph.Node("Sub", [Total(graph), Second(graph, "input_ids")]);

    private static string Second(GraphBuilder graph, string value) => graph.Node("Shape", [value], Attribute("start", 1L), Attribute("end", 2L));

    private static string Numbers(GraphBuilder graph, string visible, float shown, float hidden) =>
        graph.Node("Where", [visible, graph.Floats($"shown{shown}", [], shown), graph.Floats($"hidden{hidden}", [], hidden)]);

    private static string And(GraphBuilder graph, string one, string other) => graph.Node("And", [one, other]);

    private static string Or(GraphBuilder graph, string one, string other) => graph.Node("Or", [one, other]);

    private static TemporaryFolder With(long attribute, Func<GraphBuilder, string> mask)
    {
        var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(Source))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        var builder = new GraphBuilder();
        string whole = builder.Node("Unsqueeze", [mask(builder), builder.Longs("axis1", [1], 1)]);
        string graph = Path.Combine(folder.Path, "model.onnx");
        OnnxModel model = OnnxModel.Parser.ParseFrom(File.ReadAllBytes(graph));
        foreach (OnnxNode node in model.Graph.Node.Where(StandardAttention.Is))
        {
            node.Input[3] = whole;
            node.Attribute.Single(known => known.Name == "is_causal").I = attribute;
        }

        OnnxGraph made = builder.Build().Graph;
        OnnxNode[] others = [.. model.Graph.Node];
        model.Graph.Node.Clear();
        model.Graph.Node.Add([.. made.Node, .. others]);
        model.Graph.Initializer.Add(made.Initializer);
        File.WriteAllBytes(graph, model.ToByteArray());
        return folder;
    }

    private static TestCaseData Case(string name, long attribute, Func<GraphBuilder, string> mask) => new TestCaseData(attribute, mask).SetArgDisplayNames(name);
}
