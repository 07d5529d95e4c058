using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Lifetime;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// A condition of a decoder, by itself: the nodes that compute it, run on texts of given lengths. No pattern of nodes has to be known for that.
/// </summary>
internal sealed class LengthCondition : IDisposable
{
    // What is computed of a length takes a handful of nodes; more would be the decoder itself.
    private const int MostNodes = 64;
    private const int ShortestSwitch = 2;
    private const int SmallPast = 16;
    private const int Samples = 50;

    private readonly InferenceSession _session;
    private readonly ModelFolder _folder;
    private readonly string _name;

    private LengthCondition(InferenceSession session, ModelFolder folder, string name)
    {
        _session = session;
        _folder = folder;
        _name = name;
    }

    /// <summary>The length behind which a condition changes its value.</summary>
    /// <returns>The switch, or null where the condition depends on anything but the length of the text, or changes more than once.</returns>
    public static FactorSwitch? FindSwitch(OnnxModel model, ModelFolder folder, string condition)
    {
        if (Extract(model, condition) is not { } program)
            return null;

        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder.DataFolder);
            using ProcessEnd.Work work = ProcessEnd.Begin(CancellationToken.None);
            using var found = new LengthCondition(new InferenceSession(program.ToByteArray(), options), folder, condition);
            return found.FindSwitch();
        }
        catch (OnnxRuntimeException)
        {
            // Not understood: the graph then counts as one whose rows depend on one another.
            return null;
        }
    }

    public void Dispose() => _session.Dispose();

    private static OnnxModel? Extract(OnnxModel model, string condition)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { condition };
        var nodes = new List<OnnxNode>();
        foreach (OnnxNode node in GraphWalk.Behind(model.Graph, needed))
        {
            nodes.Add(node);
            if (nodes.Count > MostNodes)
                return null;
        }

        nodes.Reverse();
        var program = new OnnxModel { IrVersion = model.IrVersion, Graph = new OnnxGraph { Name = "condition" } };
        program.OpsetImport.Add(model.OpsetImport);
        program.Functions.Add(model.Functions);
        program.Graph.Node.Add(nodes);
        program.Graph.Initializer.Add(model.Graph.Initializer.Where(tensor => needed.Contains(tensor.Name)));
        program.Graph.Input.Add(model.Graph.Input.Where(input => needed.Contains(input.Name)));
        program.Graph.Output.Add(new OnnxValueInfo { Name = condition, Type = new OnnxType { TensorType = new OnnxTensorType { ElemType = OnnxElement.Bool } } });
        return program;
    }

    private FactorSwitch? FindSwitch()
    {
        int context = _folder.ContextLength;
        if (context <= ShortestSwitch || Evaluate(ShortestSwitch, 0) is not { } ofShort || Evaluate(1, 0) != ofShort || Evaluate(context, 0) is not { } ofLong)
            return null;

        // Once on the other side it stays there.
        IEnumerable<bool?> samples = Enumerable.Range(1, Samples).Select(i => Evaluate(ShortestSwitch + (int)((long)(context - ShortestSwitch) * i / Samples), 0));
        if (samples.SkipWhile(value => value == ofShort).Any(value => value != ofLong))
            return null;
        if (ofLong == ofShort)
            return IsOfLengthAlone(context, ofLong) ? new FactorSwitch(int.MaxValue, !ofShort) : null;

        int shortest = ShortestSwitch, longest = context;
        while (longest - shortest > 1)
        {
            int middle = shortest + ((longest - shortest) / 2);
            if (Evaluate(middle, 0) == ofShort)
                shortest = middle;
            else
                longest = middle;
        }

        return IsOfLengthAlone(shortest, ofShort) && IsOfLengthAlone(longest, ofLong) ? new FactorSwitch(shortest, ofLong) : null;
    }

    // The same whether the text comes at once or behind a past.
    private bool IsOfLengthAlone(int length, bool value) => Evaluate(length, 0) == value && Evaluate(length, Math.Min(SmallPast, length - 1)) == value;

    // Null where the condition is no single flag.
    private bool? Evaluate(int total, int past)
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
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(run, inputs, [_name]);
            ReadOnlySpan<byte> flag = outputs[0].GetTensorMutableRawData();
            return flag.Length == 1 ? flag[0] != 0 : null;
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
        if (input.Dimensions is not [_, var heads, _, var size])
            return null;

        long[] shape = [1, heads > 0 ? heads : _folder.KvHeads, past, size > 0 ? size : _folder.HeadSize];
        return OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.ElementDataType, shape);
    }

    private static OrtValue? Whole(NodeMetadata input, IEnumerable<int> values) => input.ElementType == typeof(int)
        ? OrtValue.CreateTensorValueFromMemory(values.ToArray(), [1, values.Count()])
        : OrtValue.CreateTensorValueFromMemory(values.Select(value => (long)value).ToArray(), [1, values.Count()]);
}
