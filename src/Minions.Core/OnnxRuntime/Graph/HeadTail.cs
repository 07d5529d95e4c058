using System.Buffers.Binary;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>What stands between the final normalisation of a decoder and its logits: the head matrix and what is done to its result.</summary>
internal sealed class HeadTail
{
    // Each gives a row of what it makes from that row alone.
    private static readonly HashSet<string> RowByRow = new(StringComparer.Ordinal)
    {
        "MatMul", "MatMulNBits", "MatMulIntegerToFloat", "Mul", "Div", "Add", "Sub", "Tanh", "Abs", "Cast", "QuantizeLinear", "DequantizeLinear",
    };

    private readonly Dictionary<string, OnnxNode> _producers;
    private readonly HashSet<string> _weights;
    private readonly OnnxGraph _graph;
    private OnnxNode? _normalisation;

    private HeadTail(OnnxGraph graph)
    {
        _graph = graph;
        _producers = GraphWalk.Producers(graph);
        _weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The nodes behind the normalisation.</summary>
    public HashSet<OnnxNode> Nodes { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The one normalisation that all of it comes from.</summary>
    public OnnxNode Normalisation => _normalisation!;

    /// <summary>What the head matrix reads: the first output of <see cref="Normalisation"/>.</summary>
    public string State => Normalisation.Output[0];

    /// <summary>Constants with an element a row, which a row-by-row QuantizeLinear reads beside its scales.</summary>
    public HashSet<string> ZeroPoints { get; } = new(StringComparer.Ordinal);

    /// <summary>Finds it, or gives null where the end of the graph is not understood.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="value">What it ends in: the logits, or the head's columns where these are spread afterwards.</param>
    public static HeadTail? Find(OnnxGraph graph, string value)
    {
        var tail = new HeadTail(graph);
        return tail.Follow(value) && tail._normalisation is not null ? tail : null;
    }

    /// <summary>Finds it in a graph as it is in its file, where the head may know a part of the vocabulary.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="logits">The name of the logits.</param>
    public static HeadTail? FindInFile(OnnxGraph graph, string logits) => Find(graph, VocabularyGather.ColumnsOf(graph, logits) ?? logits);

    // Goes back from a value to the normalisation.
    private bool Follow(string value)
    {
        if (IsConstant(value))
            return true;
        if (!_producers.TryGetValue(value, out OnnxNode? node))
            return false;
        if (Normalisations.Is(node))
        {
            bool isTheSame = _normalisation is null || _normalisation == node;
            _normalisation = node;
            return isTheSame && value == node.Output[0];
        }

        if (Nodes.Contains(node))
            return true;
        if (!MayMove(node))
            return false;

        Nodes.Add(node);
        if (node is { OpType: "QuantizeLinear", Input: [_, _, var zeroPoints] } && _producers.TryGetValue(zeroPoints, out OnnxNode? filled) && filled.OpType == "ConstantOfShape")
        {
            // Where the scales depend on the rows they are one a row, and so are these.
            ZeroPoints.Add(zeroPoints);
            return !IsConstant(node.Input[1]) && Follow(node.Input[0]) && Follow(node.Input[1]);
        }

        return node.Input.Where(input => input.Length > 0).All(Follow);
    }

    private bool IsConstant(string value) => value.Length == 0 || _weights.Contains(value)
        || (_producers.TryGetValue(value, out OnnxNode? node) && !GraphWalk.Subgraphs(node).Any() && node.Input.All(IsConstant));

    private bool MayMove(OnnxNode node) => RowByRow.Contains(node.OpType)
        || (node.OpType == "ReduceMax" && IsMinusOne(node.Input.ElementAtOrDefault(1)))
        || (node.OpType == "Reshape" && IsMinusOne(node.Input[1]));

    // -1 as the only axis is the last one; as the only dimension it is all of them.
    private bool IsMinusOne(string? constant) => _graph.Initializer.FirstOrDefault(tensor => tensor.Name == constant) is { DataType: OnnxElement.Int64 } tensor
        && (tensor is { Int64Data: [-1] } || (tensor is { RawData: { Length: sizeof(long) } raw } && BinaryPrimitives.ReadInt64LittleEndian(raw.Span) == -1));
}
