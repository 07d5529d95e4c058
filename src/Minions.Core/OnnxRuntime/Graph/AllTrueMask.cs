namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// A mask of attention that hides nothing of one text: the request's mask, which is all ones where nothing is padded, turned into truth values and
/// spread over rows. The operator keeps rows from seeing later ones by itself.
/// </summary>
internal static class AllTrueMask
{
    private static readonly HashSet<string> KeepsValues = new(StringComparer.Ordinal) { "Unsqueeze", "Expand", "Reshape", "Identity", "Squeeze" };

    /// <summary>Whether a value is such a mask.</summary>
    public static bool Is(OnnxGraph graph, string mask)
    {
        string value = mask;
        while (graph.Node.FirstOrDefault(node => node.Output.Contains(value)) is { } producer)
        {
            if (producer.OpType == "Cast")
            {
                bool makesTruth = producer.Attribute.Any(attribute => attribute is { Name: "to", I: OnnxElement.Bool });
                return makesTruth && graph.Input.Any(input => input.Name == producer.Input[0] && input.Type?.TensorType?.Shape?.Dim.Count == 2);
            }

            if (!KeepsValues.Contains(producer.OpType))
                return false;
            value = producer.Input[0];
        }

        return false;
    }
}
