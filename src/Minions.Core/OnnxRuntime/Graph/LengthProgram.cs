using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Lifetime;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// A value of a decoder, by itself: the nodes that compute it, run on texts of given lengths. No pattern of nodes has to be known for that.
/// </summary>
internal sealed class LengthProgram : IDisposable
{
    // What is computed of a length takes a handful of nodes; more would be the decoder itself.
    private const int MostNodes = 64;

    private readonly InferenceSession _session;
    private readonly ProcessEnd.Work _work;
    private readonly ModelFolder _folder;
    private readonly string _value;

    private LengthProgram(InferenceSession session, ProcessEnd.Work work, ModelFolder folder, string value, IReadOnlyList<OnnxNode> nodes)
    {
        (_session, _work, _folder, _value, Nodes) = (session, work, folder, value, nodes);
    }

    /// <summary>The nodes that compute it.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; }

    /// <summary>Opens the part of a decoder that computes a value.</summary>
    /// <param name="model">The decoder.</param>
    /// <param name="folder">What its inputs are called.</param>
    /// <param name="value">The value.</param>
    /// <param name="makesAll">Whether <see cref="LargestElements"/> will be asked.</param>
    /// <returns>The program, or null where too much goes into the value.</returns>
    /// <exception cref="OnnxRuntimeException">The nodes cannot be run without the others.</exception>
    public static LengthProgram? Open(OnnxModel model, ModelFolder folder, string value, bool makesAll = false)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { value };
        List<OnnxNode> nodes = [.. GraphWalk.Behind(model.Graph, needed).Take(MostNodes + 1)];
        if (nodes.Count > MostNodes)
            return null;

        nodes.Reverse();
        var program = new OnnxModel { IrVersion = model.IrVersion, Graph = new OnnxGraph { Name = "length" } };
        program.OpsetImport.Add(model.OpsetImport);
        program.Functions.Add(model.Functions);
        program.Graph.Node.Add(nodes);
        program.Graph.Initializer.Add(model.Graph.Initializer.Where(tensor => needed.Contains(tensor.Name)));
        program.Graph.Input.Add(model.Graph.Input.Where(input => needed.Contains(input.Name)));

        // ONNX Runtime infers the types of outputs that have none.
        IEnumerable<string> outputs = makesAll ? nodes.SelectMany(node => node.Output).Where(name => name.Length > 0) : [value];
        program.Graph.Output.Add(outputs.Select(name => new OnnxValueInfo { Name = name }));

        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder.DataFolder);
        ProcessEnd.Work work = ProcessEnd.Begin(CancellationToken.None);
        try
        {
            return new LengthProgram(new InferenceSession(program.ToByteArray(), options), work, folder, value, nodes);
        }
        catch
        {
            work.Dispose();
            throw;
        }
    }

    /// <summary>The value for a text of which a part was run before; null where it needs an input that a length does not tell.</summary>
    /// <param name="total">The length of the text.</param>
    /// <param name="past">What was run before.</param>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public OrtValue? Run(int total, int past) => Run(total, past, [_value])?[0];

    /// <summary>The elements of the largest value on the way to it, or null as for <see cref="Run(int, int)"/>.</summary>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public long? LargestElements(int total, int past)
    {
        using IDisposableReadOnlyCollection<OrtValue>? values = Run(total, past, [.. _session.OutputMetadata.Keys]);
        return values?.Max(value => value.GetTensorTypeAndShape().ElementCount);
    }

    public void Dispose()
    {
        _session.Dispose();
        _work.Dispose();
    }

    private IDisposableReadOnlyCollection<OrtValue>? Run(int total, int past, string[] outputs)
    {
        var inputs = new Dictionary<string, OrtValue>(StringComparer.Ordinal);
        try
        {
            foreach ((string name, NodeMetadata input) in _session.InputMetadata)
            {
                if (Feed(name, input, total, past) is not { } value)
                    return null;
                inputs.Add(name, value);
            }

            using var run = new RunOptions();
            return _session.Run(run, inputs, outputs);
        }
        finally
        {
            foreach (OrtValue value in inputs.Values)
                value.Dispose();
        }
    }

    private OrtValue? Feed(string name, NodeMetadata input, int total, int past)
    {
        if (name == _folder.Names.InputIds)
            return Whole(input, Enumerable.Repeat(0, total - past));
        if (name == _folder.Names.AttentionMask)
            return Whole(input, Enumerable.Repeat(1, total));
        if (name == _folder.Names.PositionIds)
            return Whole(input, Enumerable.Range(past, total - past));

        long[]? shape = input.Dimensions switch
        {
            [_, var heads, _, var size] => [1, heads > 0 ? heads : _folder.KvHeads, past, size > 0 ? size : _folder.HeadSize],
            [_, _, > 0 and var width] when _folder.Names.RowInputs.Contains(name) => [1, total - past, width],
            _ => null,
        };
        return shape is null ? null : OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.ElementDataType, shape);
    }

    private static OrtValue Whole(NodeMetadata input, IEnumerable<int> values) => input.ElementType == typeof(int)
        ? OrtValue.CreateTensorValueFromMemory(values.ToArray(), [1, values.Count()])
        : OrtValue.CreateTensorValueFromMemory(values.Select(value => (long)value).ToArray(), [1, values.Count()]);
}
