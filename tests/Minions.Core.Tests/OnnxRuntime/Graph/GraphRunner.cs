using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

/// <summary>Runs original and rewritten graphs with nothing of the library's own in between.</summary>
internal static class GraphRunner
{
    public static InferenceSession Open(ModelFolder folder, byte[]? rewritten = null)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(folder.ModelFile)!);
        return rewritten is null ? new InferenceSession(folder.ModelFile, options) : new InferenceSession(rewritten, options);
    }

    /// <summary>The logits of a text in one run of the original graph.</summary>
    public static float[] RunOriginal(InferenceSession session, ModelFolder folder, int[] text) => Continue(session, folder, Start(session, folder), text);

    /// <summary>The empty past of an original graph, by input name.</summary>
    public static Dictionary<string, OrtValue> Start(InferenceSession session, ModelFolder folder) => session.InputMetadata
        .Where(input => input.Value.Dimensions.Length == 4)
        .ToDictionary(input => input.Key, input => OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, input.Value.ElementDataType, [1, input.Value.Dimensions[1], 0, HeadSize(input.Value, folder)]));

    /// <summary>Feeds ids behind a past, which becomes the present.</summary>
    public static float[] Continue(InferenceSession session, ModelFolder folder, Dictionary<string, OrtValue> past, int[] ids)
    {
        int held = (int)past.Values.First().GetTensorTypeAndShape().Shape[2];
        var inputs = new Dictionary<string, OrtValue>(past);
        Feed(session, inputs, folder.Names.InputIds, ids);
        Feed(session, inputs, folder.Names.AttentionMask, [.. Enumerable.Repeat(1, held + ids.Length)]);
        Feed(session, inputs, folder.Names.PositionIds, [.. Enumerable.Range(held, ids.Length)]);

        string[] presents = [.. session.OutputMetadata.Keys.Where(name => past.ContainsKey(PastOf(name)))];
        using var run = new RunOptions();
        var outputs = session.Run(run, inputs, [folder.Names.Logits, .. presents]);
        for (int at = 0; at < presents.Length; at++)
            past[PastOf(presents[at])] = outputs[at + 1];
        return Logits(outputs[0]);
    }

    /// <summary>The KV caches of a slot graph, shared as past and present of every run; those of ONNX's own attention have all heads in a row.</summary>
    public static Dictionary<string, OrtValue> Caches(InferenceSession session, ModelFolder folder, int capacity) => session.InputMetadata
        .Where(input => input.Value.Dimensions.Length is 3 or 4)
        .ToDictionary(input => input.Key, input => Cache(input.Value, folder, capacity));

    // ONNX's own attention reads entries that nobody has written, as zeros times something.
    private static OrtValue Cache(NodeMetadata past, ModelFolder folder, int capacity)
    {
        long[] shape = past.Dimensions is [_, _, var width] ? [1, capacity, width] : [1, past.Dimensions[1], capacity, HeadSize(past, folder)];
        OrtValue cache = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, past.ElementDataType, shape);
        cache.GetTensorMutableRawData().Clear();
        return cache;
    }

    /// <summary>One run of an original graph whose caches are shared as past and present.</summary>
    public static float[] RunShared(InferenceSession session, ModelFolder folder, Dictionary<string, OrtValue> caches, int[] text, int from, int to)
    {
        var inputs = new Dictionary<string, OrtValue>(caches);
        Feed(session, inputs, folder.Names.InputIds, text[from..to]);
        Feed(session, inputs, folder.Names.AttentionMask, [.. Enumerable.Repeat(1, to)]);
        Feed(session, inputs, folder.Names.PositionIds, [.. Enumerable.Range(from, to - from)]);
        float[] logits = new float[(to - from) * folder.VocabularySize];
        var outputs = new Dictionary<string, OrtValue>
        {
            [folder.Names.Logits] = OrtValue.CreateTensorValueFromMemory(logits, [1, to - from, folder.VocabularySize]),
        };
        foreach (string present in session.OutputMetadata.Keys.Where(name => name != folder.Names.Logits))
            outputs[present] = caches[PastOf(present)];

        using var run = new RunOptions();
        session.Run(run, inputs.Keys, inputs.Values, outputs.Keys, outputs.Values);
        return logits;
    }

    /// <summary>Values of the original graph for a text in one run, by name.</summary>
    public static float[][] RunOriginal(InferenceSession session, ModelFolder folder, int[] text, params string[] values)
    {
        Dictionary<string, OrtValue> inputs = Start(session, folder);
        Feed(session, inputs, folder.Names.InputIds, text);
        Feed(session, inputs, folder.Names.AttentionMask, [.. Enumerable.Repeat(1, text.Length)]);
        Feed(session, inputs, folder.Names.PositionIds, [.. Enumerable.Range(0, text.Length)]);
        return Run(session, inputs, values);
    }

    /// <summary>Outputs of a graph by name.</summary>
    public static float[][] Run(InferenceSession session, Dictionary<string, OrtValue> inputs, params string[] outputs)
    {
        using var run = new RunOptions();
        return [.. session.Run(run, inputs, outputs).Select(Logits)];
    }

    /// <summary>One run of a slot graph; each slot feeds its text from a position on.</summary>
    /// <returns>The logits of all rows, slot after slot.</returns>
    public static float[] RunSlots(
        InferenceSession session, ModelFolder folder, Dictionary<string, OrtValue> caches, params (int[] Text, int From, int To)[] slots) =>
        RunSlots(session, folder, caches, [], [], slots);

    /// <summary>The same, with states beside the logits, and logits of some rows only.</summary>
    /// <param name="session">The session.</param>
    /// <param name="folder">The names.</param>
    /// <param name="caches">The caches.</param>
    /// <param name="states">Memory for the states, by output.</param>
    /// <param name="wanted">The rows whose logits are wanted; none for all.</param>
    /// <param name="slots">The texts.</param>
    public static float[] RunSlots(
        InferenceSession session, ModelFolder folder, Dictionary<string, OrtValue> caches, Dictionary<string, float[]> states, long[] wanted, params (int[] Text, int From, int To)[] slots)
    {
        var inputs = new Dictionary<string, OrtValue>(caches);
        int[] ids = [.. slots.SelectMany(slot => slot.Text[slot.From..slot.To])];
        long[] rows = wanted.Length > 0 ? wanted : [.. Enumerable.Range(0, ids.Length).Select(row => (long)row)];
        Feed(session, inputs, folder.Names.InputIds, ids);
        Feed(session, inputs, folder.Names.PositionIds, [.. slots.SelectMany(slot => Enumerable.Range(slot.From, slot.To - slot.From))]);
        if (slots.Length > 1)
            inputs[SlotNames.Lengths] = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(slots, slot => (long)(slot.To - slot.From)), [slots.Length]);
        if (session.InputMetadata.ContainsKey(SlotNames.Rows))
            inputs[SlotNames.Rows] = OrtValue.CreateTensorValueFromMemory(rows, [rows.Length]);
        for (int slot = 0; slot < slots.Length; slot++)
        {
            inputs[SlotNames.SeqLens(slot)] = OrtValue.CreateTensorValueFromMemory(new[] { slots[slot].To - 1 }, [1]);
            inputs[SlotNames.Total(slot)] = OrtValue.CreateTensorValueFromMemory(new[] { slots[slot].To }, [1]);
        }

        int stated = session.OutputMetadata[folder.Names.Logits].Dimensions[2];
        int width = stated > 0 ? stated : folder.VocabularySize;
        float[] logits = new float[rows.Length * width];
        var outputs = new Dictionary<string, OrtValue>
        {
            [folder.Names.Logits] = OrtValue.CreateTensorValueFromMemory(logits, [1, rows.Length, width]),
        };
        foreach (string present in session.OutputMetadata.Keys.Where(name => caches.ContainsKey(PastOf(name))))
            outputs[present] = caches[PastOf(present)];
        foreach ((string state, float[] memory) in states)
            outputs[state] = OrtValue.CreateTensorValueFromMemory(memory, [1, ids.Length, memory.Length / ids.Length]);

        using var run = new RunOptions();
        session.Run(run, inputs.Keys, inputs.Values, outputs.Keys, outputs.Values);
        return logits;
    }

    /// <summary>The logits of all tokens, from what a slot graph gave.</summary>
    public static float[] Spread(RewrittenGraph graph, float[] logits) => graph.Vocabulary is not { } vocabulary ? logits
        : [.. logits.Chunk(vocabulary.Width).SelectMany(columns =>
        {
            float[] row = vocabulary.OpenRow();
            vocabulary.Spread(columns, row);
            return row;
        })];

    /// <summary>Integers of the type the graph wants, where it has such an input.</summary>
    private static void Feed(InferenceSession session, Dictionary<string, OrtValue> inputs, string name, int[] values)
    {
        if (session.InputMetadata.TryGetValue(name, out var metadata))
        {
            inputs[name] = metadata.ElementDataType == TensorElementType.Int32
                ? OrtValue.CreateTensorValueFromMemory(values, [1, values.Length])
                : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (long)value), [1, values.Length]);
        }
    }

    // Some exports leave it to the configuration.
    private static int HeadSize(NodeMetadata past, ModelFolder folder) => past.Dimensions[3] > 0 ? past.Dimensions[3] : folder.HeadSize;

    private static float[] Logits(OrtValue logits) => logits.GetTensorTypeAndShape().ElementDataType switch
    {
        TensorElementType.Float16 => Array.ConvertAll(logits.GetTensorDataAsSpan<Float16>().ToArray(), value => (float)value),
        TensorElementType.BFloat16 => Array.ConvertAll(logits.GetTensorDataAsSpan<BFloat16>().ToArray(), value => (float)value),
        _ => logits.GetTensorDataAsSpan<float>().ToArray(),
    };

    private static string PastOf(string present) => present.Replace("present.", "past_key_values.", StringComparison.Ordinal);
}
