namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>Element types and widths of a graph's values, as far as it states them or its weights tell.</summary>
internal sealed class ValueTypes
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, OnnxNode> _producers;
    private readonly Dictionary<string, OnnxTensor> _weights = new(StringComparer.Ordinal);

    public ValueTypes(OnnxGraph graph)
    {
        _graph = graph;
        _producers = GraphWalk.Producers(graph);
        foreach (OnnxTensor tensor in graph.Initializer)
            _weights[tensor.Name] = tensor;
    }

    /// <summary>What the graph states of a value, or null.</summary>
    public OnnxTensorType? Stated(string value) =>
        _graph.Output.Concat(_graph.ValueInfo).Concat(_graph.Input).FirstOrDefault(info => info.Name == value)?.Type?.TensorType;

    /// <summary>The element type and the last dimension of a value; 0 for what nothing tells.</summary>
    public (int ElementType, int Width) Of(string value)
    {
        OnnxTensorType? stated = Stated(value);
        int element = stated?.ElemType ?? 0;
        int width = stated?.Shape?.Dim is { Count: > 0 } dimensions ? Whole(dimensions[^1].DimValue) : 0;
        if (element > 0 && width > 0)
            return (element, width);

        (int ElementType, int Width) told = Told(value);
        return (element > 0 ? element : told.ElementType, width > 0 ? width : told.Width);
    }

    /// <summary>The same of a value between the layers: all add to rows of one width, which the final normalisation, where it is known, tells too.</summary>
    public (int ElementType, int Width) OfResidual(string value, OnnxNode? final)
    {
        (int element, int width) = Of(value);
        if ((element > 0 && width > 0) || final is null || OfNormalised(final) is not { } row)
            return (element, width);

        return (element > 0 ? element : row.ElementType, width > 0 ? width : row.Width);
    }

    /// <summary>Whether states may have an element type.</summary>
    public static bool IsReal(int elementType) => elementType is OnnxElement.Float or OnnxElement.Float16 or OnnxElement.BFloat16;

    /// <summary>States that a value is [batch, rows, width], with batch and rows as the ids have them.</summary>
    public static OnnxValueInfo Rows(string name, int elementType, int width, OnnxGraph graph, string ids)
    {
        var shape = new OnnxShape();
        IList<OnnxDimension>? dimensions = graph.Input.FirstOrDefault(input => input.Name == ids)?.Type?.TensorType?.Shape?.Dim;
        shape.Dim.AddRange(dimensions is { Count: 2 } ? dimensions.Select(dimension => dimension.Clone()) : [new OnnxDimension(), new OnnxDimension()]);
        shape.Dim.Add(new OnnxDimension { DimValue = width });
        return new OnnxValueInfo { Name = name, Type = new OnnxType { TensorType = new OnnxTensorType { ElemType = elementType, Shape = shape } } };
    }

    /// <summary>The element type and width of the rows that a normalisation works on, by its weights; or null.</summary>
    public (int ElementType, int Width)? OfNormalised(OnnxNode node) => Normalisations.Weight(node) is { } weight ? OfWeight(weight) : null;

    private (int ElementType, int Width) Told(string value)
    {
        (int element, int width) = _producers.TryGetValue(value, out OnnxNode? maker) ? Made(maker) : default;
        if ((element == 0 || width == 0) && _graph.Node.FirstOrDefault(node => Normalisations.Is(node) && Normalisations.Rows(node).Contains(value)) is { } reader
            && OfNormalised(reader) is { } read)
        {
            (element, width) = (element > 0 ? element : read.ElementType, width > 0 ? width : read.Width);
        }

        return (element, width);
    }

    private (int ElementType, int Width) Made(OnnxNode maker)
    {
        if (Normalisations.Is(maker))
            return OfNormalised(maker) ?? default;

        return maker.OpType switch
        {
            "Identity" => Of(maker.Input[0]),
            "Cast" => (TargetOf(maker), Of(maker.Input[0]).Width),
            "Gather" when _weights.TryGetValue(maker.Input[0], out OnnxTensor? table) && table.Dims is [_, var columns] => (table.DataType, Whole(columns)),
            "MatMul" when _weights.TryGetValue(maker.Input[1], out OnnxTensor? matrix) && matrix.Dims is [_, var columns] => (matrix.DataType, Whole(columns)),
            "Add" or "Sub" or "Mul" or "Div" => maker.Input.Select(Of).FirstOrDefault(type => type is { ElementType: > 0, Width: > 1 }),
            _ => default,
        };
    }

    // A weight may be stored in another type, or be changed by other constants.
    private (int ElementType, int Width)? OfWeight(string name)
    {
        if (_weights.TryGetValue(name, out OnnxTensor? tensor))
            return Of(tensor);
        if (!_producers.TryGetValue(name, out OnnxNode? node))
            return null;

        return node.OpType switch
        {
            "Constant" => node.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T is { } value ? Of(value) : null,
            "Cast" => OfWeight(node.Input[0]) is { } stored ? (TargetOf(node), stored.Width) : null,
            "DequantizeLinear" => OfWeight(node.Input[0]) is { } quantized && OfWeight(node.Input[1]) is { } scale ? (scale.ElementType, quantized.Width) : null,
            "Identity" or "Add" or "Mul" => node.Input.Select(OfWeight).FirstOrDefault(weight => weight is { Width: > 1 }),
            _ => null,
        };
    }

    private static (int ElementType, int Width)? Of(OnnxTensor tensor) => tensor.Dims is [var width] ? (tensor.DataType, Whole(width)) : null;

    private static int TargetOf(OnnxNode cast) => (int)(cast.Attribute.FirstOrDefault(attribute => attribute.Name == "to")?.I ?? 0);

    private static int Whole(long dimension) => dimension is > 0 and <= int.MaxValue ? (int)dimension : 0;
}
