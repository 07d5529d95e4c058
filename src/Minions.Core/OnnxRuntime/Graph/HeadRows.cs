namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// Lets a graph compute the logits of chosen rows only: behind the last normalisation a Gather takes the rows that an input names. A head over
/// the whole vocabulary is a large part of a small decoder, and of a prompt only the last row's logits are ever read.
/// </summary>
internal static class HeadRows
{
    /// <summary>Inserts the Gather where the end of the graph is understood.</summary>
    /// <param name="graph">The graph, changed in place; the input <see cref="SlotNames.Rows"/> is left for the caller to add.</param>
    /// <param name="logits">The name of the logits.</param>
    /// <returns>The values behind the Gather, whose shapes have changed; empty where the graph was left as it is.</returns>
    public static IReadOnlySet<string> Insert(OnnxGraph graph, string logits)
    {
        // A head that borrows the head matrix ends in the state itself.
        if (HeadTail.Find(graph, logits) is not { Nodes.Count: > 0 } tail)
            return new HashSet<string>(StringComparer.Ordinal);

        // Who else reads what the head reads gets all rows; what is made of it behind the Gather may have no reader but the head.
        var moved = tail.Nodes.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        if (graph.Node.Where(node => !tail.Nodes.Contains(node)).SelectMany(GraphWalk.Reads).Concat(graph.Output.Select(output => output.Name).Where(name => name != logits)).Any(moved.Contains))
            return new HashSet<string>(StringComparer.Ordinal);

        Choose(graph, tail.Nodes, tail.Normalisation, tail.State, axis: 1);
        foreach (string zeroPoints in tail.ZeroPoints)
            Choose(graph, tail.Nodes, graph.Node.First(node => node.Output.Contains(zeroPoints)), zeroPoints, axis: 0);
        if (graph.Output.First(output => output.Name == logits).Type?.TensorType?.Shape?.Dim is { Count: 3 } shape)
            shape[1] = new OnnxDimension { DimParam = SlotNames.Rows };
        return moved;
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
}
