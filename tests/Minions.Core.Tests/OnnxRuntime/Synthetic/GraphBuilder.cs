using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Synthetic;

/// <summary>Writes an ONNX graph node by node; names of intermediate values are made up.</summary>
internal sealed class GraphBuilder
{
    private const int IrVersion = 8;
    private const int OperatorSet = 17;
    private const int FloatAttribute = 1;
    private const int IntAttribute = 2;
    private const int GraphAttribute = 5;
    private const int IntsAttribute = 7;

    private readonly OnnxGraph _graph = new() { Name = "synthetic" };
    private readonly Random _weights = new(7);

    public OnnxModel Build() => new()
    {
        IrVersion = IrVersion,
        Graph = _graph,
        OpsetImport = { new OnnxOperatorSet { Domain = "", Version = OperatorSet }, new OnnxOperatorSet { Domain = "com.microsoft", Version = 1 } },
    };

    public static OnnxAttribute Attribute(string name, long value) => new() { Name = name, I = value, Type = IntAttribute };

    public static OnnxAttribute Attribute(string name, float value) => new() { Name = name, F = value, Type = FloatAttribute };

    public static OnnxAttribute Attribute(string name, params long[] values) => new() { Name = name, Ints = { values }, Type = IntsAttribute };

    /// <summary>A graph inside of a node that hands values from around it on.</summary>
    public static OnnxAttribute Branch(string name, params string[] values)
    {
        var branch = new OnnxGraph { Name = name };
        foreach (string value in values)
        {
            string result = $"{name}/{value}";
            branch.Node.Add(new OnnxNode { Name = result, OpType = "Identity", Input = { value }, Output = { result } });
            branch.Output.Add(new OnnxValueInfo { Name = result, Type = new OnnxType { TensorType = new OnnxTensorType { ElemType = OnnxElement.Float } } });
        }

        return new OnnxAttribute { Name = name, G = branch, Type = GraphAttribute };
    }

    /// <summary>An input; of its dimensions numbers are fixed, all else is a symbol.</summary>
    public string Input(string name, int element, params string[] dimensions)
    {
        _graph.Input.Add(Value(name, element, dimensions));
        return name;
    }

    public void Output(string name, int element, params string[] dimensions) => _graph.Output.Add(Value(name, element, dimensions));

    /// <summary>The dimensions of a layer's keys or values, with a symbol for their length.</summary>
    public static string[] CacheShape(string length, int heads = SyntheticOptions.Heads, int headSize = SyntheticOptions.HeadSize) =>
        ["batch_size", heads.ToString(CultureInfo.InvariantCulture), length, headSize.ToString(CultureInfo.InvariantCulture)];

    public string Node(string op, string[] inputs, params OnnxAttribute[] attributes) => Nodes(op, inputs, 1, attributes)[0];

    public string[] Nodes(string op, string[] inputs, int outputs, params OnnxAttribute[] attributes)
    {
        string name = $"{op}.{_graph.Node.Count}";
        string[] names = [.. Enumerable.Range(0, outputs).Select(output => $"{name}.{output}")];
        AddNode(name, op, inputs, names, attributes);
        return names;
    }

    /// <summary>A node with outputs of given names, for those of the graph.</summary>
    public void NodeTo(string[] outputs, string op, string[] inputs, params OnnxAttribute[] attributes) =>
        AddNode($"{op}.{_graph.Node.Count}", op, inputs, outputs, attributes);

    public string Cast(string value, int element) => Node("Cast", [value], Attribute("to", element));

    /// <summary>Weights, the same in every build, large enough to make logits differ clearly.</summary>
    public string Weights(string name, params long[] dimensions)
    {
        float scale = 1.5f / MathF.Sqrt(dimensions[0]);
        float[] values = [.. Enumerable.Range(0, (int)dimensions.Aggregate(1L, (a, b) => a * b)).Select(_ => ((_weights.NextSingle() * 2) - 1) * scale)];
        return Tensor(name, OnnxElement.Float, dimensions, MemoryMarshal.AsBytes<float>(values));
    }

    public string Floats(string name, long[] dimensions, params float[] values) =>
        Tensor(name, OnnxElement.Float, dimensions, MemoryMarshal.AsBytes<float>(values));

    public string Longs(string name, long[] dimensions, params long[] values) =>
        Tensor(name, OnnxElement.Int64, dimensions, MemoryMarshal.AsBytes<long>(values));

    public string Bytes(string name, long[] dimensions, params byte[] values) => Tensor(name, OnnxElement.UInt8, dimensions, values);

    private string Tensor(string name, int element, long[] dimensions, ReadOnlySpan<byte> data)
    {
        if (_graph.Initializer.All(tensor => tensor.Name != name))
            _graph.Initializer.Add(new OnnxTensor { Name = name, DataType = element, Dims = { dimensions }, RawData = ByteString.CopyFrom(data) });
        return name;
    }

    private void AddNode(string name, string op, string[] inputs, string[] outputs, OnnxAttribute[] attributes) => _graph.Node.Add(new OnnxNode
    {
        Name = name,
        OpType = op,
        Domain = op == "GroupQueryAttention" ? "com.microsoft" : "",
        Input = { inputs },
        Output = { outputs },
        Attribute = { attributes },
    });

    private static OnnxValueInfo Value(string name, int element, string[] dimensions)
    {
        var shape = new OnnxShape();
        foreach (string dimension in dimensions)
        {
            shape.Dim.Add(long.TryParse(dimension, CultureInfo.InvariantCulture, out long size)
                ? new OnnxDimension { DimValue = size }
                : new OnnxDimension { DimParam = dimension });
        }

        return new OnnxValueInfo { Name = name, Type = new OnnxType { TensorType = new OnnxTensorType { ElemType = element, Shape = shape } } };
    }
}
