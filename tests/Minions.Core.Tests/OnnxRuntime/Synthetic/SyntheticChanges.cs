using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Synthetic;

/// <summary>What exporters do to a decoder without changing what it computes.</summary>
internal static class SyntheticChanges
{
    /// <summary>Moves the large weights out of the graph.</summary>
    /// <param name="model">The graph; its tensors then name the file.</param>
    /// <param name="location">What the graph calls the file.</param>
    /// <returns>The file's content.</returns>
    public static byte[] MoveWeightsTo(this OnnxModel model, string location)
    {
        using var data = new MemoryStream();
        foreach (OnnxTensor tensor in model.Graph.Initializer.Where(tensor => tensor.RawData.Length >= 1024))
        {
            tensor.DataLocation = 1;
            tensor.ExternalData.AddRange([Entry("location", location), Entry("offset", Text(data.Length)), Entry("length", Text(tensor.RawData.Length))]);
            data.Write(tensor.RawData.Span);
            tensor.ClearRawData();
        }

        return data.ToArray();
    }

    /// <summary>Adds ids behind the others: they can be read, and their logits are so low that none is ever chosen.</summary>
    public static void AddIds(this OnnxModel model, int count)
    {
        OnnxTensor embedding = model.Graph.Initializer.Single(tensor => tensor.Name == "embedding");
        OnnxTensor head = model.Graph.Initializer.Single(tensor => tensor.Name == "head");
        const int Known = SyntheticOptions.Vocabulary;
        float[] rows = Floats(embedding);
        Write(embedding, [.. rows, .. rows.Reverse().Take(count * SyntheticOptions.Hidden)], 0, Known + count);

        // Zeros: the largest of the known logits is above that.
        float[] columns = Floats(head);
        Write(head, [.. Enumerable.Range(0, SyntheticOptions.Hidden).SelectMany(row => columns.Skip(row * Known).Take(Known).Concat(new float[count]))], 1, Known + count);
        model.Graph.Output.Single(output => output.Name == "logits").Type.TensorType.Shape.Dim[2].DimValue = Known + count;
    }

    private static float[] Floats(OnnxTensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();

    private static void Write(OnnxTensor tensor, float[] values, int dimension, int size)
    {
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values));
        tensor.Dims[dimension] = size;
    }

    private static OnnxEntry Entry(string key, string value) => new() { Key = key, Value = value };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
