using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// The shapes of intermediate values that a slot graph states. Left to itself, ONNX Runtime cannot see through the Split and Concat around the
/// attentions, leaves nodes behind them unfused, and so computes other last bits than for another number of slots.
/// </summary>
internal static class SlotShapes
{
    /// <summary>The shapes that the original states of values that are still there, and those of the attentions' results.</summary>
    public static List<OnnxValueInfo> Of(OnnxGraph original, OnnxGraph rewritten, ModelFolder folder)
    {
        var produced = rewritten.Node.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        var shapes = original.ValueInfo.Where(value => produced.Contains(value.Name)).ToDictionary(value => value.Name, StringComparer.Ordinal);

        // A head that takes no ids has rows of their embeddings.
        string rows = folder.Names.ReadsIds ? folder.Names.InputIds : folder.Names.RowInputs[0];
        OnnxShape? ids = original.Input.FirstOrDefault(input => input.Name == rows)?.Type?.TensorType?.Shape;
        if (ids?.Dim.Count is 2 or 3)
        {
            foreach (OnnxNode node in original.Node.Where(AttentionNodes.Is))
            {
                if (OfResult(node, original, ids, folder.HeadSize) is { } shape)
                    shapes.TryAdd(shape.Name, shape);
            }
        }

        return [.. shapes.Values.Where(shape => rewritten.Output.All(output => output.Name != shape.Name))];
    }

    private static OnnxValueInfo? OfResult(OnnxNode node, OnnxGraph graph, OnnxShape ids, int headSizeOfFolder)
    {
        OnnxTensorType? past = graph.Input.First(input => input.Name == AttentionNodes.Pasts(node).Last()).Type?.TensorType;
        long headSize = past?.Shape?.Dim is [_, _, _, { HasDimValue: true } last] ? last.DimValue : headSizeOfFolder;
        long width = StandardAttention.Is(node)
            ? StandardAttention.Heads(node) * StandardAttention.WidthOf(graph, StandardAttention.Pasts(node).Last()) / Math.Max(1, StandardAttention.KvHeads(node))
            : GroupQueryAttention.Heads(node) * headSize;

        // A quantised cache has another element type than the result, which is then left to ONNX Runtime.
        if (width <= 0 || past is not { ElemType: OnnxElement.Float or OnnxElement.Float16 or OnnxElement.BFloat16 })
            return null;

        var shape = new OnnxShape { Dim = { ids.Dim[0].Clone(), ids.Dim[1].Clone(), new OnnxDimension { DimValue = width } } };
        return new OnnxValueInfo
        {
            Name = node.Output[0],
            Type = new OnnxType { TensorType = new OnnxTensorType { ElemType = past.ElemType, Shape = shape } },
        };
    }
}
