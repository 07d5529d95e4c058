using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>Looks inputs and outputs up by name and refuses, by name, what this library cannot run.</summary>
internal sealed class SignatureReader(InferenceSession session, TensorPlacement placement, ModelFolder folder, bool isSlotGraph)
{
    private const int CacheDimensions = 4;
    private const int FlatDimensions = 3;

    public NodeMetadata Input(string name) => OptionalInput(name)
        ?? throw Refuse($"the graph has no input '{Plain(name)}'; it has {List(session.InputMetadata.Keys)}");

    public NodeMetadata? OptionalInput(string name) => session.InputMetadata.GetValueOrDefault(name);

    public NodeMetadata Output(string name) => session.OutputMetadata.TryGetValue(name, out NodeMetadata? found)
        ? found
        : throw Refuse($"the graph has no output '{Plain(name)}'; it has {List(session.OutputMetadata.Keys)}");

    /// <summary>An input with a value a row (ids, positions) or an entry (the mask): [batch, length], where present.</summary>
    public NodeMetadata? Rows(string name)
    {
        if (OptionalInput(name) is not { } input)
            return null;
        if (input.Dimensions is not ([] or [_, _]))
        {
            throw Refuse($"input '{name}' has {input.Dimensions.Length} dimensions where [batch, length] is expected (several axes of positions belong to "
                + "models that also see): export the text decoder alone");
        }

        RefuseFixedLength("input", name, input.Dimensions, axis: 1);
        return input;
    }

    /// <summary>The cache that goes in by one name and comes out by another.</summary>
    public CacheTensor Cache(string past, string present)
    {
        NodeMetadata input = CacheInput(past);
        NodeMetadata output = CacheOutput(present);
        bool isOnHost = placement.IsOnHost(past);
        if (isSlotGraph && isOnHost != placement.IsOnHost(present))
            throw Refuse($"'{Plain(past)}' and '{Plain(present)}' lie in memory of two devices, where attention appends in place");
        if (isSlotGraph && input.Dimensions.Length == FlatDimensions)
            return new CacheTensor(Real(past, input), Heads: 1, input.Dimensions[^1], IsFlat: true, isOnHost);

        foreach ((string kind, string name, NodeMetadata node) in new[] { ("input", past, input), ("output", present, output) })
        {
            if (node.Dimensions.Length != CacheDimensions)
                throw Refuse($"{kind} '{Plain(name)}' has {node.Dimensions.Length} dimensions where [batch, heads, entries, head size] is expected");
            RefuseFixedLength(kind, name, node.Dimensions, axis: 2);
        }

        var tensor = new CacheTensor(
            Real(past, input),
            Size(input.Dimensions[1], folder.KvHeads, past, "num_key_value_heads"),
            Size(input.Dimensions[3], folder.HeadSize, past, "head_size"),
            IsOnHost: isOnHost);
        if (output.ElementDataType != tensor.Type || Differs(output.Dimensions[1], tensor.Heads) || Differs(output.Dimensions[3], tensor.HeadSize))
        {
            throw Refuse($"output '{Plain(present)}' has {output.Dimensions[1]} heads of {output.Dimensions[3]} elements of type {output.ElementDataType}, "
                + $"where '{Plain(past)}' takes {tensor.Heads} of {tensor.HeadSize} of type {tensor.Type}: what comes out must go in again");
        }

        return tensor;

        static bool Differs(int inGraph, int expected) => inGraph > 0 && inGraph != expected;
    }

    public NodeMetadata Logits(string name)
    {
        NodeMetadata logits = Output(name);
        if (logits.Dimensions.Length != 3)
            throw Refuse($"output '{name}' has {logits.Dimensions.Length} dimensions instead of [batch, rows, vocabulary]");
        if (logits.Dimensions[1] != 1)
            RefuseFixedLength("output", name, logits.Dimensions, axis: 1);
        else
            throw Refuse($"output '{name}' has a fixed length of 1: the graph gives the last row only, and verification needs every row. Export it without cutting the logits");
        return logits;
    }

    /// <summary>An input with a row of real numbers for each id.</summary>
    public RowTensor RowInput(string name) => Row("input", name, Input(name));

    /// <summary>An output with a row of real numbers for each id.</summary>
    public RowTensor RowOutput(string name) => Row("output", name, Output(name));

    public void RefuseOtherInputs(IReadOnlyCollection<string> known)
    {
        string[] others = [.. session.InputMetadata.Keys.Where(name => !known.Contains(name))];
        if (others.Length > 0)
        {
            throw Refuse($"the graph wants inputs that a text decoder of {folder.LayerCount} layers does not have: {List(others)}. "
                + "Export the text decoder alone, and check the number of layers in the configuration");
        }
    }

    public TensorElementType Whole(string name, NodeMetadata node) => node.ElementDataType is TensorElementType.Int64 or TensorElementType.Int32
        ? node.ElementDataType
        : throw Refuse($"input '{Plain(name)}' has elements of type {node.ElementDataType}, where int64 or int32 is expected");

    public TensorElementType Real(string name, NodeMetadata node) =>
        node.ElementDataType is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.BFloat16
            ? node.ElementDataType
            : throw Refuse($"'{Plain(name)}' has elements of type {node.ElementDataType}, where float32, float16 or bfloat16 is expected");

    public int Size(int inGraph, int inConfiguration, string name, string key)
    {
        int size = inGraph > 0 ? inGraph : inConfiguration;
        return size > 0 ? size : throw Refuse($"neither the shape of '{Plain(name)}' nor '{key}' in the configuration tells its size");
    }

    private RowTensor Row(string kind, string name, NodeMetadata node)
    {
        if (node.Dimensions.Length != 3 || node.Dimensions[2] <= 0)
            throw Refuse($"{kind} '{name}' has the shape [{string.Join(", ", node.Dimensions)}] where [batch, rows, width] with a width that is stated is expected");
        RefuseFixedLength(kind, name, node.Dimensions, axis: 1);
        return new RowTensor(name, Real(name, node), node.Dimensions[2]);
    }

    private NodeMetadata CacheInput(string name) => OptionalInput(name) ?? throw Refuse(
        $"the graph has no input '{Plain(name)}'; it has {List(session.InputMetadata.Keys)}. A decoder of {folder.LayerCount} layers needs a key and a value of "
        + "each: export it with its KV cache, or correct the number of layers or the names of the caches in the configuration");

    private NodeMetadata CacheOutput(string name) => session.OutputMetadata.GetValueOrDefault(name) ?? throw Refuse(
        $"the graph has no output '{Plain(name)}'; it has {List(session.OutputMetadata.Keys)}. A decoder of {folder.LayerCount} layers gives a key and a value of "
        + "each: export it with its KV cache, or correct the number of layers or the names of the caches in the configuration");

    private void RefuseFixedLength(string kind, string name, int[] dimensions, int axis)
    {
        if (dimensions.Length > axis && dimensions[axis] > 0)
        {
            throw Refuse($"{kind} '{Plain(name)}' has a fixed length of {dimensions[axis]}, where runs and texts of any length are needed: "
                + "export it with dynamic lengths");
        }
    }

    // In a rewritten graph the caches of the first request stand behind a prefix of the library's own.
    private static string Plain(string name)
    {
        string own = SlotNames.Prefix(0);
        return name.StartsWith(own, StringComparison.Ordinal) ? name[own.Length..] : name;
    }

    private static string List(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(Plain)];
        string shown = string.Join(", ", all.Take(6).Select(name => $"'{name}'"));
        return all.Length > 6 ? $"{shown} and {all.Length - 6} more" : shown;
    }

    public ModelLoadException Refuse(string fault) =>
        new($"Model '{folder.ModelFile}' is no decoder this library can run: {fault}.", folder.ModelFile);
}
