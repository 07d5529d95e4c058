using Microsoft.ML.OnnxRuntime;
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
    public static float[] RunOriginal(InferenceSession session, ModelFolder folder, int[] text)
    {
        var inputs = new Dictionary<string, OrtValue>();
        foreach ((string name, var metadata) in session.InputMetadata)
        {
            inputs[name] = name == folder.Names.InputIds ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(text, id => (long)id), [1, text.Length])
                : name == folder.Names.AttentionMask ? OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1L, text.Length).ToArray(), [1, text.Length])
                : name == folder.Names.PositionIds ? OrtValue.CreateTensorValueFromMemory(Enumerable.Range(0, text.Length).Select(at => (long)at).ToArray(), [1, text.Length])
                : OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [1, metadata.Dimensions[1], 0, folder.HeadSize]);
        }

        using var run = new RunOptions();
        using var outputs = session.Run(run, inputs, [folder.Names.Logits]);
        foreach (var input in inputs.Values)
            input.Dispose();
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>The KV caches of a slot graph, shared as past and present of every run.</summary>
    public static Dictionary<string, OrtValue> Caches(InferenceSession session, ModelFolder folder, int capacity) => session.InputMetadata
        .Where(input => input.Value.Dimensions.Length == 4)
        .ToDictionary(input => input.Key, input => OrtValue.CreateTensorValueFromMemory(
            new float[input.Value.Dimensions[1] * capacity * folder.HeadSize], [1, input.Value.Dimensions[1], capacity, folder.HeadSize]));

    /// <summary>One run of a slot graph; each slot feeds its text from a position on.</summary>
    /// <returns>The logits of all rows, slot after slot.</returns>
    public static float[] RunSlots(
        InferenceSession session, ModelFolder folder, Dictionary<string, OrtValue> caches, params (int[] Text, int From, int To)[] slots)
    {
        var inputs = new Dictionary<string, OrtValue>(caches);
        long[] ids = [.. slots.SelectMany(slot => slot.Text[slot.From..slot.To]).Select(id => (long)id)];
        inputs[folder.Names.InputIds] = OrtValue.CreateTensorValueFromMemory(ids, [1, ids.Length]);
        if (session.InputMetadata.ContainsKey(folder.Names.PositionIds))
        {
            long[] positions = [.. slots.SelectMany(slot => Enumerable.Range(slot.From, slot.To - slot.From)).Select(at => (long)at)];
            inputs[folder.Names.PositionIds] = OrtValue.CreateTensorValueFromMemory(positions, [1, ids.Length]);
        }

        if (slots.Length > 1)
            inputs[SlotNames.Lengths] = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(slots, slot => (long)(slot.To - slot.From)), [slots.Length]);
        for (int slot = 0; slot < slots.Length; slot++)
        {
            inputs[SlotNames.SeqLens(slot)] = OrtValue.CreateTensorValueFromMemory(new[] { slots[slot].To - 1 }, [1]);
            inputs[SlotNames.Total(slot)] = OrtValue.CreateTensorValueFromMemory(new[] { slots[slot].To }, [1]);
        }

        float[] logits = new float[ids.Length * folder.VocabularySize];
        var outputs = new Dictionary<string, OrtValue>
        {
            [folder.Names.Logits] = OrtValue.CreateTensorValueFromMemory(logits, [1, ids.Length, folder.VocabularySize]),
        };
        foreach (string present in session.OutputMetadata.Keys.Where(name => name != folder.Names.Logits))
            outputs[present] = caches[present.Replace("present.", "past_key_values.", StringComparison.Ordinal)];

        using var run = new RunOptions();
        session.Run(run, inputs.Keys, inputs.Values, outputs.Keys, outputs.Values);
        return logits;
    }
}
