using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>Looks inputs and outputs up by name and refuses, by name, what this library cannot run.</summary>
internal sealed class SignatureReader(InferenceSession session, ModelFolder folder)
{
    public NodeMetadata Input(string name) => OptionalInput(name)
        ?? throw Refuse($"the graph has no input '{name}'; it has {List(session.InputMetadata.Keys)}");

    public NodeMetadata? OptionalInput(string name) => session.InputMetadata.GetValueOrDefault(name);

    public NodeMetadata Output(string name) => session.OutputMetadata.TryGetValue(name, out NodeMetadata? found)
        ? found
        : throw Refuse($"the graph has no output '{name}'; it has {List(session.OutputMetadata.Keys)}");

    public NodeMetadata Logits(string name)
    {
        NodeMetadata logits = Output(name);
        if (logits.Dimensions.Length != 3)
            throw Refuse($"output '{name}' has {logits.Dimensions.Length} dimensions instead of [batch, rows, vocabulary]");
        if (logits.Dimensions[1] == 1)
            throw Refuse($"output '{name}' has a fixed length of 1: the graph gives the last row only, and verification needs every row. Export it without cutting the logits");
        return logits;
    }

    public void RefuseOtherInputs(IReadOnlyCollection<string> known)
    {
        string[] others = [.. session.InputMetadata.Keys.Where(name => !known.Contains(name))];
        if (others.Length > 0)
            throw Refuse($"the graph wants inputs that a text decoder does not have: {List(others)}");
    }

    public TensorElementType Whole(string name, NodeMetadata node) => node.ElementDataType is TensorElementType.Int64 or TensorElementType.Int32
        ? node.ElementDataType
        : throw Refuse($"input '{name}' has elements of type {node.ElementDataType}, where int64 or int32 is expected");

    public TensorElementType Real(string name, NodeMetadata node) =>
        node.ElementDataType is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.BFloat16
            ? node.ElementDataType
            : throw Refuse($"'{name}' has elements of type {node.ElementDataType}, where float32, float16 or bfloat16 is expected");

    public int Size(int inGraph, int inConfiguration, string name, string key)
    {
        int size = inGraph > 0 ? inGraph : inConfiguration;
        return size > 0 ? size : throw Refuse($"neither the shape of '{name}' nor '{key}' in the configuration tells its size");
    }

    private static string List(IEnumerable<string> names)
    {
        string[] all = [.. names];
        string shown = string.Join(", ", all.Take(6).Select(name => $"'{name}'"));
        return all.Length > 6 ? $"{shown} and {all.Length - 6} more" : shown;
    }

    private ModelLoadException Refuse(string fault) =>
        new($"Model '{folder.ModelFile}' is no decoder this library can run: {fault}.", folder.ModelFile);
}
