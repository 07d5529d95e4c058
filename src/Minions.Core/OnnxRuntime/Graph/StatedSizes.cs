namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>Sizes that a decoder's weights state and that its inputs and outputs leave open.</summary>
internal static class StatedSizes
{
    /// <summary>The positions that the table of rotary factors holds, or 0 where there is none.</summary>
    public static int Positions(OnnxModel model)
    {
        Dictionary<string, OnnxTensor> weights = Weights(model);
        return model.Graph.Node.Select(node => FirstDimension(weights, CosineTable(node))).FirstOrDefault(rows => rows > 0);
    }

    /// <summary>The ids that the embedding holds a row of, or 0 where the graph does not show it.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="ids">The name of the input with the ids.</param>
    public static int EmbeddedIds(OnnxModel model, string ids)
    {
        Dictionary<string, OnnxTensor> weights = Weights(model);
        var names = new HashSet<string>(StringComparer.Ordinal) { ids };
        foreach (OnnxNode node in model.Graph.Node)
        {
            if (node.OpType is "Cast" or "Identity" or "Reshape" or "Flatten" && names.Contains(node.Input[0]))
                names.Add(node.Output[0]);
            if (node.OpType is "Gather" or "GatherBlockQuantized" && node.Input.Count > 1 && names.Contains(node.Input[1]))
                return FirstDimension(weights, node.Input[0]);
        }

        return 0;
    }

    private static string? CosineTable(OnnxNode node) => (node.OpType, node.Domain) switch
    {
        ("GroupQueryAttention", _) => node.Input.ElementAtOrDefault(7),
        ("RotaryEmbedding", "com.microsoft") => node.Input.ElementAtOrDefault(2),
        ("RotaryEmbedding", _) => node.Input.ElementAtOrDefault(1),
        _ => null,
    };

    private static int FirstDimension(Dictionary<string, OnnxTensor> weights, string? name) =>
        name is not null && weights.TryGetValue(name, out OnnxTensor? tensor) && tensor.Dims.Count == 2 && tensor.Dims[0] is > 0 and <= int.MaxValue and var rows ? (int)rows : 0;

    // A weight that is stored in another type goes through a node that keeps its shape.
    private static Dictionary<string, OnnxTensor> Weights(OnnxModel model)
    {
        var weights = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        foreach (OnnxTensor tensor in model.Graph.Initializer)
            weights[tensor.Name] = tensor;
        foreach (OnnxNode node in model.Graph.Node)
        {
            if (node.OpType is "Cast" or "Identity" or "DequantizeLinear" && weights.TryGetValue(node.Input[0], out OnnxTensor? tensor))
                weights.TryAdd(node.Output[0], tensor);
        }

        return weights;
    }
}
