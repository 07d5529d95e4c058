using Google.Protobuf;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Benchmarks.Gpu;

/// <summary>
/// Writes a model folder again with float16 in place of float32, caches and logits included: attention has CUDA kernels for narrow numbers only. For
/// graphs whose weights lie inside and whose operators take either, as those of the test models do.
/// </summary>
internal static class HalfPrecisionCopy
{
    private const string ModelName = "model.onnx";

    /// <summary>Writes the copy.</summary>
    /// <param name="source">The model's folder.</param>
    /// <param name="destination">The folder to make.</param>
    /// <exception cref="NotSupportedException">A weight lies outside of the graph's file.</exception>
    public static void Write(string source, string destination)
    {
        Directory.CreateDirectory(destination);
        foreach (string file in Directory.EnumerateFiles(source).Where(file => Path.GetFileName(file) != ModelName))
            File.Copy(file, Path.Combine(destination, Path.GetFileName(file)));

        OnnxModel model = OnnxModel.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(source, ModelName)));
        Narrow(model.Graph);
        File.WriteAllBytes(Path.Combine(destination, ModelName), model.ToByteArray());
    }

    private static void Narrow(OnnxGraph graph)
    {
        foreach (OnnxTensor weights in graph.Initializer.Where(weights => weights.DataType == OnnxElement.Float))
            Narrow(weights);
        foreach (OnnxTensorType value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo).Select(value => value.Type.TensorType).Where(type => type.ElemType == OnnxElement.Float))
            value.ElemType = OnnxElement.Float16;
        foreach (OnnxAttribute to in graph.Node.Where(node => node.OpType == "Cast").SelectMany(node => node.Attribute).Where(attribute => attribute.Name == "to" && attribute.I == OnnxElement.Float))
            to.I = OnnxElement.Float16;
    }

    private static void Narrow(OnnxTensor weights)
    {
        if (!weights.HasRawData)
            throw new NotSupportedException($"The weight '{weights.Name}' lies outside of its graph's file.");

        byte[] wide = weights.RawData.ToByteArray();
        byte[] narrow = new byte[wide.Length / 2];
        for (int i = 0; i < narrow.Length / 2; i++)
            BitConverter.TryWriteBytes(narrow.AsSpan(2 * i), (Half)BitConverter.ToSingle(wide, 4 * i));
        weights.RawData = ByteString.CopyFrom(narrow);
        weights.DataType = OnnxElement.Float16;
    }
}
