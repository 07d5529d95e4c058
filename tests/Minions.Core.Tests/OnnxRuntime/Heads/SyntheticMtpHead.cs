using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;
using static Minions.Core.Tests.OnnxRuntime.Synthetic.GraphBuilder;

namespace Minions.Core.Tests.OnnxRuntime.Heads;

/// <summary>
/// Builds tiny heads of multi-token prediction for synthetic targets: one layer over the normalised embedding of an id joined with the normalised
/// state behind the id before it.
/// </summary>
internal sealed class SyntheticMtpHead
{
    private const int Hidden = SyntheticOptions.Hidden;

    private readonly GraphBuilder _graph = new();
    private readonly string[] _shape = ["batch_size", "sequence_length", $"{Hidden}"];
    private readonly int _element;

    private SyntheticMtpHead(int element) => _element = element;

    /// <summary>As ONNX Runtime GenAI has it: ids go in, logits and the own state come out.</summary>
    /// <param name="element">The element type of the states.</param>
    public static OnnxModel BuildWhole(int element = OnnxElement.Float)
    {
        var head = new SyntheticMtpHead(element);
        GraphBuilder graph = head._graph;
        string ids = graph.Input("input_ids", OnnxElement.Int64, "batch_size", "sequence_length");
        string embedded = graph.Node("Gather", [graph.Weights("mtp.embedding", SyntheticOptions.Vocabulary, Hidden), ids]);
        head.Add(embedded, positions: null, "mtp_states", out string normalised);
        graph.NodeTo(["logits"], "MatMul", [normalised, graph.Weights("mtp.head", Hidden, SyntheticOptions.Vocabulary)]);
        graph.Output("logits", OnnxElement.Float, "batch_size", "sequence_length", $"{SyntheticOptions.Vocabulary}");
        return graph.Build();
    }

    /// <summary>As the newer exporter has it: rows of the target's embedding go in, and a state for the target's head matrix comes out.</summary>
    /// <param name="element">The element type of the rows and the states.</param>
    public static OnnxModel BuildBorrowing(int element = OnnxElement.Float)
    {
        var head = new SyntheticMtpHead(element);
        string embedded = head.Widened(head._graph.Input("inputs_embeds", element, head._shape));
        head.Add(embedded, head._graph.Input("position_ids", OnnxElement.Int64, "batch_size", "sequence_length"), "mtp_hidden", out _);
        return head._graph.Build();
    }

    private void Add(string embedded, string? positions, string output, out string normalised)
    {
        string states = Widened(_graph.Input("hidden_states", _element, _shape));
        string mask = _graph.Input("attention_mask", OnnxElement.Int64, "batch_size", "total_sequence_length");
        string joined = _graph.Node("Concat", [Normalise(embedded), Normalise(states)], Attribute("axis", -1L));
        string rows = _graph.Node("MatMul", [joined, _graph.Weights("fc", 2 * Hidden, Hidden)]);
        var attention = new GroupQueryLayer(_graph, new SyntheticOptions { GroupQuery = true, ExplicitPositions = positions is not null, Layers = 1 }, mask, positions);
        rows = _graph.Node("Add", [rows, attention.Add(0, Normalise(rows))]);
        string up = _graph.Node("MatMul", [Normalise(rows), _graph.Weights("up", Hidden, 2 * Hidden)]);
        rows = _graph.Node("Add", [rows, _graph.Node("MatMul", [_graph.Node("Tanh", [up]), _graph.Weights("down", 2 * Hidden, Hidden)])]);

        if (_element == OnnxElement.Float)
            _graph.NodeTo([normalised = output], "LayerNormalization", [rows, Scale(), Bias()], Attribute("axis", -1L));
        else
            _graph.NodeTo([output], "Cast", [normalised = Normalise(rows)], Attribute("to", _element));
        _graph.Output(output, _element, _shape);
    }

    private string Widened(string rows) => _element == OnnxElement.Float ? rows : _graph.Cast(rows, OnnxElement.Float);

    private string Normalise(string rows) => _graph.Node("LayerNormalization", [rows, Scale(), Bias()], Attribute("axis", -1L));

    private string Scale() => _graph.Floats("norm.scale", [Hidden], [.. Enumerable.Repeat(1f, Hidden)]);

    private string Bias() => _graph.Floats("norm.bias", [Hidden], new float[Hidden]);
}
