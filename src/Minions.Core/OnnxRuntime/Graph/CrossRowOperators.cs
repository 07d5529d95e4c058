namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>Operators known to make a row's result depend on other rows than those before it in the text.</summary>
internal static class CrossRowOperators
{
    // One scale for a whole tensor, an expert's batch made of the rows that chose it, or a recurrence over rows.
    private static readonly HashSet<string> Mixing = new(StringComparer.Ordinal)
    {
        "DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM", "MoE", "QMoE", "Loop", "Scan",
    };

    public static string? FindFirst(OnnxModel model, bool ignoresBranches = false)
    {
        var nodes = GraphWalk.AllNodes(model.Graph.Node.Concat(model.Functions.SelectMany(function => function.Node))).ToList();
        var branches = new Lazy<LengthDependence>(() => new LengthDependence(model, nodes));
        return nodes.Find(node => Mixing.Contains(node.OpType) || (node.OpType == "If" && !ignoresBranches && branches.Value.Holds(node.Input[0]))) is { } found
            ? GraphWalk.Describe(found)
            : null;
    }

    /// <summary>Which values follow from what changes between runs. A constant condition or a bare flag (use_cache_branch) does not count.</summary>
    private sealed class LengthDependence
    {
        private const int Bool = 9;
        private readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
        private readonly HashSet<string> _fixed;
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public LengthDependence(OnnxModel model, IEnumerable<OnnxNode> nodes)
        {
            foreach (OnnxNode node in nodes)
            {
                foreach (string output in node.Output)
                    _producers[output] = node;
            }

            _fixed = [.. model.Graph.Initializer.Select(tensor => tensor.Name), .. model.Graph.Input.Where(IsFlag).Select(input => input.Name)];
        }

        public bool Holds(string value)
        {
            _seen.Clear();
            return Follows(value);
        }

        private static bool IsFlag(OnnxValueInfo input) => input.Type?.TensorType?.ElemType == Bool;

        // What is neither fixed nor produced is an input of the graph or of an inner graph: it may change with the run.
        private bool Follows(string value) => _seen.Add(value) && !_fixed.Contains(value)
            && (!_producers.TryGetValue(value, out OnnxNode? producer) || GraphWalk.Reads(producer).Any(Follows));
    }
}
