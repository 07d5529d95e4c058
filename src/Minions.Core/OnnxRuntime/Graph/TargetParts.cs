using System.Buffers.Binary;
using Google.Protobuf;
using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>Cuts out of a decoder what heads borrow that have no embedding or no head matrix of their own.</summary>
internal static class TargetParts
{
    private const string EmbeddingName = "embedding";
    private const string HeadName = "head matrix";

    /// <summary>From the ids to the rows that the first layer starts from, [batch, rows, width].</summary>
    /// <exception cref="ModelLoadException">The embedding is not found, or needs more than the ids.</exception>
    public static TargetPart Embedding(OnnxModel original, ModelFolder folder)
    {
        // A sum that a node has left out is added to the copy.
        OnnxModel model = original.Clone();
        OnnxNode? final = HeadTail.FindInFile(model.Graph, folder.Names.Logits)?.Normalisation;
        string rows = new ResidualStream(model, folder, final).Before(layer: 0)
            ?? throw Fault(folder, EmbeddingName, $"no way leads from the attention that reads '{folder.Names.PastKey(0)}' back to it");
        (int element, int width) = TypeOf(rows, model.Graph, final, folder, EmbeddingName);
        OnnxValueInfo ids = model.Graph.Input.FirstOrDefault(input => input.Name == folder.Names.InputIds)
            ?? throw Fault(folder, EmbeddingName, $"the graph has no input '{folder.Names.InputIds}'");

        OnnxModel part = Cut(model, ValueTypes.Rows(rows, element, width, model.Graph, ids.Name), border: null);
        RefuseOtherInputs(part, ids.Name, folder, EmbeddingName);
        return Part(part, ids, rows, width);
    }

    /// <summary>From the state behind the final normalisation, [batch, rows, width], to the logits.</summary>
    /// <exception cref="ModelLoadException">The head is not found, or needs more than the state.</exception>
    public static TargetPart Head(OnnxModel model, ModelFolder folder)
    {
        HeadTail tail = HeadTail.FindInFile(model.Graph, folder.Names.Logits)
            ?? throw Fault(folder, HeadName, "what stands between the final normalisation and the logits is not understood");
        (int element, int width) = TypeOf(tail.State, model.Graph, tail.Normalisation, folder, HeadName);
        OnnxValueInfo logits = model.Graph.Output.First(output => output.Name == folder.Names.Logits);

        OnnxModel part = Cut(model, logits.Clone(), border: tail.State);
        CountRowsOf(tail.State, folder.Names.InputIds, part.Graph);
        RefuseOtherInputs(part, tail.State, folder, HeadName);
        return Part(part, ValueTypes.Rows(tail.State, element, width, model.Graph, folder.Names.InputIds), logits.Name, width);
    }

    private static (int ElementType, int Width) TypeOf(string rows, OnnxGraph graph, OnnxNode? final, ModelFolder folder, string what)
    {
        (int element, int width) = new ValueTypes(graph).OfResidual(rows, final);
        return ValueTypes.IsReal(element) && width > 0 ? (element, width)
            : throw Fault(folder, what, $"'{rows}' has no known width, or elements that are not float32, float16 or bfloat16");
    }

    // All that a value is made of, up to a border; inputs are left to the caller, who wants one and refuses the rest.
    private static OnnxModel Cut(OnnxModel model, OnnxValueInfo output, string? border)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { output.Name };
        List<OnnxNode> nodes = [.. GraphWalk.Behind(model.Graph, needed, border).Select(node => node.Clone())];
        nodes.Reverse();
        var made = nodes.SelectMany(node => node.Output).Where(value => value != output.Name).ToHashSet(StringComparer.Ordinal);
        return new OnnxModel
        {
            IrVersion = model.IrVersion,
            OpsetImport = { model.OpsetImport },
            Functions = { model.Functions },
            Graph = new OnnxGraph
            {
                Name = output.Name,
                Node = { nodes },
                Initializer = { model.Graph.Initializer.Where(tensor => needed.Contains(tensor.Name)) },
                Input = { model.Graph.Input.Where(input => needed.Contains(input.Name)) },
                Output = { output },
                ValueInfo = { model.Graph.ValueInfo.Where(info => made.Contains(info.Name)) },
            },
        };
    }

    // What asks for the number of ids is told that of the rows: a zero point a row, a logit a row of ids that the head does not know.
    private static void CountRowsOf(string rows, string ids, OnnxGraph graph)
    {
        string shape = $"{rows}/shape";
        foreach (OnnxNode node in graph.Node.Where(node => node.OpType == "Shape" && node.Input[0] == ids).ToList())
        {
            int start = Axis(node, "start", 0), end = Axis(node, "end", 2);
            var axes = new OnnxTensor { Name = $"{node.Output[0]}/axes", DataType = OnnxElement.Int64, Dims = { Math.Max(0, end - start) } };
            byte[] data = new byte[sizeof(long) * Math.Max(0, end - start)];
            for (int axis = start; axis < end; axis++)
                BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan((axis - start) * sizeof(long)), axis);
            axes.RawData = ByteString.CopyFrom(data);
            graph.Initializer.Add(axes);

            var taken = new OnnxNode { Name = node.Output[0], OpType = "Gather", Input = { shape, axes.Name }, Output = { node.Output[0] } };
            graph.Node[graph.Node.IndexOf(node)] = taken;
            if (!graph.Node.Any(other => other.Output.Contains(shape)))
                graph.Node.Insert(0, new OnnxNode { Name = shape, OpType = "Shape", Input = { rows }, Output = { shape } });
        }

        if (!graph.Node.SelectMany(GraphWalk.Reads).Contains(ids) && graph.Input.FirstOrDefault(input => input.Name == ids) is { } unread)
            graph.Input.Remove(unread);
    }

    // Ids have two dimensions; below zero counts from the end.
    private static int Axis(OnnxNode node, string name, int otherwise)
    {
        long axis = node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.I ?? otherwise;
        return (int)Math.Clamp(axis < 0 ? axis + 2 : axis, 0, 2);
    }

    private static void RefuseOtherInputs(OnnxModel part, string input, ModelFolder folder, string what)
    {
        var weights = part.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        if (part.Graph.Input.FirstOrDefault(other => other.Name != input && !weights.Contains(other.Name)) is { } foreign)
            throw Fault(folder, what, $"it reads '{foreign.Name}' beside '{input}'");
        if (!part.Graph.Node.SelectMany(GraphWalk.Reads).Contains(input))
            throw Fault(folder, what, $"it does not read '{input}'");
    }

    private static TargetPart Part(OnnxModel part, OnnxValueInfo input, string output, int width)
    {
        if (part.Graph.Input.All(known => known.Name != input.Name))
            part.Graph.Input.Add(input.Clone());
        var graph = new RewrittenGraph(0, part.ToByteArray(), part.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal), null, null);
        return new TargetPart(graph, input.Name, output, width);
    }

    private static ModelLoadException Fault(ModelFolder folder, string what, string fault) => new(
        $"The {what} of the model '{folder.ModelFile}' cannot be lent to a head: {fault}. Use a head with one of its own, or export the model again with the usual operators.",
        folder.ModelFile);
}
