namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// A mask of attention that hides nothing of one text: the request's mask, which is all ones where nothing is padded, turned into truth values and
/// spread over rows. The operator keeps rows from seeing later ones by itself.
/// </summary>
internal static class AllTrueMask
{
    private static readonly HashSet<string> KeepsValues = new(StringComparer.Ordinal) { "Unsqueeze", "Expand", "Reshape", "Identity", "Squeeze" };

    /// <summary>Whether a value is such a mask.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="mask">The value.</param>
    /// <param name="input">The name of the request's mask.</param>
    public static bool Is(OnnxGraph graph, string mask, string input)
    {
        string value = mask;
        while (graph.Node.FirstOrDefault(node => node.Output.Contains(value)) is { } producer)
        {
            if (producer.OpType == "Cast")
            {
                bool makesTruth = producer.Attribute.Any(attribute => attribute is { Name: "to", I: OnnxElement.Bool });
                return makesTruth && producer.Input[0] == input;
            }

            if (!KeepsValues.Contains(producer.OpType))
                return false;
            value = producer.Input[0];
        }

        return false;
    }
}
