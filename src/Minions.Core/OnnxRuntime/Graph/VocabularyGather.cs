using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// The end of a decoder whose head knows only a part of the vocabulary: a Gather that spreads the head's few columns over all tokens, the
/// unknown ones getting a constant that stands behind the columns. ONNX Runtime copies element by element there, which costs a small draft
/// as much as all its layers, so the graph is cut behind the head and whoever reads a row spreads that row alone.
/// </summary>
internal static class VocabularyGather
{
    /// <summary>Cuts a graph that ends in such a Gather; what the head writes becomes the logits.</summary>
    /// <param name="graph">The graph, changed in place.</param>
    /// <param name="logits">The name of the logits.</param>
    /// <returns>Where each token's logit stands, or <see langword="null"/> where the graph was left as it is.</returns>
    public static ReducedVocabulary? TryCut(OnnxGraph graph, string logits)
    {
        if (Find(graph, logits) is not { } found || graph.Output.Any(output => output.Name == found.Columns))
            return null;

        Cut(graph, found.Head, found.Columns, logits, found.Vocabulary.Width);
        return found.Vocabulary;
    }

    /// <summary>The value whose columns such a Gather spreads, which is what the head writes; or null where the graph ends otherwise.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="logits">The name of the logits.</param>
    public static string? ColumnsOf(OnnxGraph graph, string logits) => Find(graph, logits)?.Columns;

    private static (OnnxNode Head, string Columns, ReducedVocabulary Vocabulary)? Find(OnnxGraph graph, string logits)
    {
        if (ProducerOf(graph, logits) is not { OpType: "Gather", Input.Count: 2 } gather || !IsAlongColumns(gather)
            || ReadIndices(InitializerOf(graph, gather.Input[1])) is not { } indices)
        {
            return null;
        }

        string columns = gather.Input[0];
        float? filler = null;
        if (ProducerOf(graph, columns) is { OpType: "Concat", Input.Count: 2 } concat && IsAlongColumns(concat))
        {
            columns = concat.Input[0];
            filler = ConstantOf(ProducerOf(graph, concat.Input[1]));
        }

        // Without a constant behind them, every index must be one of the head's own columns.
        if (ProducerOf(graph, columns) is not { } head || WidthOf(head, graph) is not { } width || (filler is null && indices.Max() >= width)
            || graph.Node.SelectMany(GraphWalk.Reads).Count(name => name == columns || name == logits) != 1)
        {
            return null;
        }

        return (head, columns, new ReducedVocabulary(indices, width, filler ?? 0));
    }

    private static void Cut(OnnxGraph graph, OnnxNode head, string columns, string logits, int width)
    {
        graph.Node.Remove(ProducerOf(graph, logits));
        head.Output[head.Output.IndexOf(columns)] = logits;
        if (graph.ValueInfo.FirstOrDefault(info => info.Name == columns) is { } stated)
            graph.ValueInfo.Remove(stated);
        if (graph.Output.First(output => output.Name == logits).Type?.TensorType?.Shape?.Dim is { Count: 3 } shape)
            shape[2] = new OnnxDimension { DimValue = width };
    }

    private static OnnxNode? ProducerOf(OnnxGraph graph, string value) => graph.Node.FirstOrDefault(node => node.Output.Contains(value));

    private static OnnxTensor? InitializerOf(OnnxGraph graph, string name) => graph.Initializer.FirstOrDefault(tensor => tensor.Name == name);

    // Logits are [1, rows, columns].
    private static bool IsAlongColumns(OnnxNode node) => node.Attribute.FirstOrDefault(attribute => attribute.Name == "axis") is { I: 2 or -1 };

    private static int? WidthOf(OnnxNode head, OnnxGraph graph) => head.OpType switch
    {
        "MatMulNBits" => (int?)head.Attribute.FirstOrDefault(attribute => attribute.Name == "N")?.I,
        "MatMul" => InitializerOf(graph, head.Input[1]) is { Dims: [_, var width] } ? (int)width : null,
        _ => null,
    };

    private static float? ConstantOf(OnnxNode? node)
    {
        if (node is not { OpType: "ConstantOfShape" } || node.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T is not { DataType: OnnxElement.Float } value)
            return null;
        if (value.FloatData is [var constant])
            return constant;
        return value.RawData is { Length: sizeof(float) } raw ? BinaryPrimitives.ReadSingleLittleEndian(raw.Span) : null;
    }

    private static int[]? ReadIndices(OnnxTensor? tensor)
    {
        if (tensor is not { Dims: [var count], HasRawData: true, ExternalData.Count: 0 } || !BitConverter.IsLittleEndian)
            return null;

        ReadOnlySpan<byte> raw = tensor.RawData.Span;
        long[]? indices = tensor.DataType switch
        {
            OnnxElement.Int32 => [.. MemoryMarshal.Cast<byte, int>(raw).ToArray().Select(index => (long)index)],
            OnnxElement.Int64 => MemoryMarshal.Cast<byte, long>(raw).ToArray(),
            _ => null,
        };

        // Below zero counts from the end.
        return indices is { Length: > 0 } && indices.Length == count && indices.All(index => index is >= 0 and < int.MaxValue)
            ? Array.ConvertAll(indices, index => (int)index)
            : null;
    }
}
