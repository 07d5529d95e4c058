using System.Buffers.Binary;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// Lets a graph compute the logits of chosen rows only: behind the last normalisation a Gather takes the rows that an input names. A head over
/// the whole vocabulary is a large part of a small decoder, and of a prompt only the last row's logits are ever read.
/// </summary>
internal static class HeadRows
{
    // Each gives a row of what it makes from that row alone.
    private static readonly HashSet<string> RowByRow = new(StringComparer.Ordinal)
    {
        "MatMul", "MatMulNBits", "MatMulIntegerToFloat", "Mul", "Div", "Add", "Sub", "Tanh", "Abs", "Cast", "QuantizeLinear", "DequantizeLinear",
    };

    /// <summary>Inserts the Gather where the end of the graph is understood.</summary>
    /// <param name="graph">The graph, changed in place; the input <see cref="SlotNames.Rows"/> is left for the caller to add.</param>
    /// <param name="logits">The name of the logits.</param>
    /// <returns>The values behind the Gather, whose shapes have changed; empty where the graph was left as it is.</returns>
    public static IReadOnlySet<string> Insert(OnnxGraph graph, string logits)
    {
        var tail = new Tail(graph);
        if (!tail.Follow(logits) || tail.Normalisation is not { } norm || graph.Node.Where(node => !tail.Nodes.Contains(node)).SelectMany(GraphWalk.Reads).Contains(norm.Output[0]))
            return new HashSet<string>(StringComparer.Ordinal);

        Choose(graph, tail.Nodes, norm, norm.Output[0], axis: 1);
        foreach (string zeroPoints in tail.ZeroPoints)
            Choose(graph, tail.Nodes, graph.Node.First(node => node.Output.Contains(zeroPoints)), zeroPoints, axis: 0);
        if (graph.Output.First(output => output.Name == logits).Type?.TensorType?.Shape?.Dim is { Count: 3 } shape)
            shape[1] = new OnnxDimension { DimParam = SlotNames.Rows };
        return tail.Nodes.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
    }

    // Has the nodes behind the head's beginning read the chosen rows of a value in place of all.
    private static void Choose(OnnxGraph graph, IEnumerable<OnnxNode> readers, OnnxNode producer, string value, int axis)
    {
        string chosen = $"{SlotNames.Rows}/{value}";
        foreach (OnnxNode node in readers)
        {
            for (int input = 0; input < node.Input.Count; input++)
            {
                if (node.Input[input] == value)
                    node.Input[input] = chosen;
            }
        }

        var gather = new OnnxNode { Name = chosen, OpType = "Gather", Attribute = { new OnnxAttribute { Name = "axis", I = axis, Type = 2 } } };
        gather.Input.AddRange([value, SlotNames.Rows]);
        gather.Output.Add(chosen);
        graph.Node.Insert(graph.Node.IndexOf(producer) + 1, gather);
    }

    /// <summary>What stands between the last normalisation and the logits.</summary>
    private sealed class Tail
    {
        private readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
        private readonly HashSet<string> _weights;
        private readonly OnnxGraph _graph;

        public Tail(OnnxGraph graph)
        {
            _graph = graph;
            _weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
            foreach (OnnxNode node in graph.Node)
            {
                foreach (string output in node.Output)
                    _producers[output] = node;
            }
        }

        public HashSet<OnnxNode> Nodes { get; } = new(ReferenceEqualityComparer.Instance);

        public OnnxNode? Normalisation { get; private set; }

        /// <summary>Constants with an element a row, which a row-by-row QuantizeLinear reads beside its scales.</summary>
        public HashSet<string> ZeroPoints { get; } = new(StringComparer.Ordinal);

        /// <summary>Goes back from a value to the one normalisation that all of it comes from.</summary>
        public bool Follow(string value)
        {
            if (IsConstant(value))
                return true;
            if (!_producers.TryGetValue(value, out OnnxNode? node))
                return false;
            if (node.OpType.EndsWith("LayerNormalization", StringComparison.Ordinal) || node.OpType == "RMSNormalization")
            {
                bool isTheSame = Normalisation is null || Normalisation == node;
                Normalisation = node;
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
}
