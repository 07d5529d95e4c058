using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Heads;

/// <summary>
/// What a head of multi-token prediction guesses, in the simplest way: target and head run whole texts without caches, and each step of a chain starts
/// from scratch. Embedding and head matrix of the target are plain arrays.
/// </summary>
internal sealed class PlainMtpHead(MtpFolder folder) : IDisposable
{
    private const int Hidden = SyntheticOptions.Hidden;
    private const int Vocabulary = SyntheticOptions.Vocabulary;

    private readonly InferenceSession _target = new(folder.Model.ToByteArray());
    private readonly InferenceSession _head = new(folder.Graph.ToByteArray());
    private readonly float[] _embedding = Weights(folder.Model, "embedding");
    private readonly float[] _matrix = Weights(folder.Model, "head");

    /// <summary>The states of the target behind each id.</summary>
    public float[][] StatesOf(int[] text) => [.. Run(_target, text, [], [], [MtpFolder.States])[0].Chunk(Hidden)];

    public int[] Guess(int[] text, int length)
    {
        List<float[]> states = [.. StatesOf(text[..^1])];
        List<int> ids = [.. text[1..]];
        for (int step = 0; step < length; step++)
        {
            float[] embedded = folder.Borrows ? [.. ids.SelectMany(id => _embedding.AsSpan(id * Hidden, Hidden).ToArray())] : [];
            float[][] outputs = Run(_head, [.. ids], [.. states.SelectMany(state => state)], embedded, folder.Borrows ? ["mtp_hidden"] : ["mtp_states", "logits"]);
            float[] own = outputs[0][^Hidden..];
            float[] logits = folder.Borrows ? Logits(own) : outputs[1][^Vocabulary..];
            states.Add(own);
            ids.Add(Array.IndexOf(logits, logits.Max()));
        }

        return [.. ids.TakeLast(length)];
    }

    public void Dispose()
    {
        _target.Dispose();
        _head.Dispose();
    }

    private float[] Logits(float[] state) =>
        [.. Enumerable.Range(0, Vocabulary).Select(column => (float)Enumerable.Range(0, Hidden).Sum(row => (double)state[row] * _matrix[row * Vocabulary + column]))];

    private static float[][] Run(InferenceSession session, int[] ids, float[] states, float[] embedded, string[] outputs)
    {
        var inputs = new Dictionary<string, OrtValue>();
        foreach ((string name, NodeMetadata input) in session.InputMetadata)
        {
            inputs[name] = name switch
            {
                "input_ids" => Whole([.. ids.Select(id => (long)id)]),
                "attention_mask" => Whole([.. Enumerable.Repeat(1L, ids.Length)]),
                "position_ids" => Whole([.. Enumerable.Range(0, ids.Length).Select(position => (long)position)]),
                "hidden_states" => Rows(states, input.ElementDataType),
                "inputs_embeds" => Rows(embedded, input.ElementDataType),
                _ => OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.ElementDataType, [1, input.Dimensions[1], 0, input.Dimensions[3]]),
            };
        }

        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> values = session.Run(run, inputs, outputs);
        float[][] read = [.. values.Select(Floats)];
        foreach (OrtValue value in inputs.Values)
            value.Dispose();
        return read;
    }

    private static OrtValue Whole(long[] values) => OrtValue.CreateTensorValueFromMemory(values, [1, values.Length]);

    private static OrtValue Rows(float[] values, TensorElementType type)
    {
        long[] shape = [1, values.Length / Hidden, Hidden];
        return type == TensorElementType.Float16
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (Float16)value), shape)
            : OrtValue.CreateTensorValueFromMemory(values, shape);
    }

    private static float[] Floats(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType switch
    {
        TensorElementType.Float16 => [.. MemoryMarshal.Cast<byte, Half>(value.GetTensorMutableRawData()).ToArray().Select(number => (float)number)],
        TensorElementType.BFloat16 => [.. MemoryMarshal.Cast<byte, ushort>(value.GetTensorMutableRawData()).ToArray().Select(bits => BitConverter.Int32BitsToSingle(bits << 16))],
        _ => value.GetTensorDataAsSpan<float>().ToArray(),
    };

    private static float[] Weights(OnnxModel model, string name) =>
        MemoryMarshal.Cast<byte, float>(model.Graph.Initializer.Single(tensor => tensor.Name == name).RawData.Span).ToArray();
}
