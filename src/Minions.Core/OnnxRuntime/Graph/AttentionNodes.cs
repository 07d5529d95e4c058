namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>The nodes of a graph that know which entries are a request's own: those of com.microsoft and of ONNX itself.</summary>
internal static class AttentionNodes
{
    public static bool Is(OnnxNode node) => GroupQueryAttention.Is(node) || StandardAttention.Is(node);

    public static IEnumerable<string> Pasts(OnnxNode node) => GroupQueryAttention.Is(node) ? GroupQueryAttention.Pasts(node) : StandardAttention.Pasts(node);

    public static IEnumerable<string> Presents(OnnxNode node) => GroupQueryAttention.Is(node) ? GroupQueryAttention.Presents(node) : StandardAttention.Presents(node);

    /// <summary>Why a node cannot be given its own cache and lengths, or null.</summary>
    /// <param name="node">The node.</param>
    /// <param name="model">Its model.</param>
    /// <param name="mask">The name of the request's mask.</param>
    /// <param name="causalMasks">Masks that do no more than to make a node causal.</param>
    public static string? FindObstacle(OnnxNode node, OnnxModel model, string mask, IReadOnlySet<string> causalMasks)
    {
        OnnxGraph graph = model.Graph;
        if (StandardAttention.Is(node) && GraphWalk.OperatorSet(model) < StandardAttention.OperatorSet)
            return $"{GraphWalk.Describe(node)} is of an operator set before {StandardAttention.OperatorSet}, which has no caches that are written in place";

        return FindForeignCache(node, graph) ?? (StandardAttention.Is(node) ? StandardAttention.FindObstacle(node, graph, mask, causalMasks) : null);
    }

    /// <summary>The nodes that stand in for one: one a slot, between a Split of its rows and a Concat.</summary>
    /// <param name="node">The node.</param>
    /// <param name="slots">The number of slots.</param>
    /// <param name="isFirst">Whether it is the first of its kind in the graph.</param>
    public static IEnumerable<OnnxNode> Split(OnnxNode node, int slots, bool isFirst)
    {
        string output = node.Output[0];
        bool isStandard = StandardAttention.Is(node);
        if (slots == 1)
            return OfSlot(0, input => node.Input[input], output);

        int[] inputs = isStandard ? [0, 1, 2] : [.. GroupQueryAttention.InputsByRow(node)];
        var concat = new OnnxNode { Name = $"{node.Name}/join", OpType = "Concat", Attribute = { Axis() }, Output = { output } };
        concat.Input.AddRange(Enumerable.Range(0, slots).Select(slot => SlotNames.Prefix(slot) + output));
        return
        [
            .. inputs.Select(input => SplitRows(node, input, slots)),
            .. Enumerable.Range(0, slots).SelectMany(slot => OfSlot(slot, input => RowsOf(node, input, slot), SlotNames.Prefix(slot) + output)),
            concat,
        ];

        IEnumerable<OnnxNode> OfSlot(int slot, Func<int, string> rows, string result) => isStandard
            ? StandardAttention.OfSlot(node, slot, rows, result, isFirst)
            : [GroupQueryAttention.OfSlot(node, slot, rows, result)];
    }

    private static OnnxNode SplitRows(OnnxNode node, int input, int slots)
    {
        var split = new OnnxNode { Name = $"{node.Name}/split{input}", OpType = "Split", Attribute = { Axis() } };
        split.Input.AddRange([node.Input[input], SlotNames.Lengths]);
        split.Output.AddRange(Enumerable.Range(0, slots).Select(slot => RowsOf(node, input, slot)));
        return split;
    }

    private static string RowsOf(OnnxNode node, int input, int slot) => $"{SlotNames.Prefix(slot)}{node.Output[0]}/in{input}";

    private static string? FindForeignCache(OnnxNode node, OnnxGraph graph)
    {
        if (GroupQueryAttention.Is(node) && GroupQueryAttention.FindObstacle(node) is { } obstacle)
            return obstacle;

        foreach (string past in Pasts(node))
        {
            if (graph.Input.All(input => input.Name != past))
                return $"the past of {GraphWalk.Describe(node)} is not an input of the graph";
            if (graph.Node.SelectMany(GraphWalk.Reads).Count(name => name == past) > 1)
                return $"the input '{past}' is read by more than {GraphWalk.Describe(node)}";
        }

        foreach (string present in Presents(node))
        {
            if (graph.Output.All(output => output.Name != present))
                return $"the present of {GraphWalk.Describe(node)} is not an output of the graph";
            if (graph.Node.SelectMany(GraphWalk.Reads).Contains(present))
                return $"'{present}' is read inside the graph";
        }

        return null;
    }

    // Rows are the second axis: [1, rows, width].
    private static OnnxAttribute Axis() => new() { Name = "axis", I = 1, Type = 2 };
}
