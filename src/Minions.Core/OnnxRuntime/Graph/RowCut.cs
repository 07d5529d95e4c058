namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>A node near the end of a decoder that keeps some rows only: exports for plain decoding compute the last row's logits alone.</summary>
internal static class RowCut
{
    private const int MostSteps = 16;

    /// <summary>The node, by name and operator, or null where there is none on the way to the logits.</summary>
    public static string? Find(OnnxGraph graph, string logits)
    {
        var constants = new ConstantValues(graph);
        string? value = logits;
        for (int step = 0; step < MostSteps && value is not null; step++)
        {
            if (graph.Node.FirstOrDefault(node => node.Output.Contains(value)) is not { } producer)
                return null;
            if (producer.OpType is "Slice" or "Gather" or "GatherElements" or "GatherND" && !constants.Contains(producer.Input[0]))
                return GraphWalk.Describe(producer);

            value = producer.Input.FirstOrDefault(input => input.Length > 0 && !constants.Contains(input));
        }

        return null;
    }
}
