using Microsoft.ML.OnnxRuntimeGenAI;

namespace Minions.Core.GenAI.Loading;

/// <summary>Runs a few ids when a model loads, to find what its files do not tell: which rows it gives, and whether it can go back.</summary>
internal static class TrialRun
{
    private const int Length = 5;

    // Runs of other widths round differently; what was not rewound differs altogether.
    private const float Tolerance = 0.05f;

    private const string Instead = "Speculation needs it, to take rejected guesses back. Plain decoding by ONNX Runtime GenAI itself works with such a model; "
        + "here, take another export or execution provider, or load the folder by UseTarget or AddDraft where its graph has a key-value cache.";

    /// <exception cref="ModelLoadException">The model cannot be used.</exception>
    public static RowOutput Of(GenAIModel model)
    {
        int[] text = ExactnessProbe.Text(Length, model.Configuration.VocabularySize);
        using GenAIGenerator generator = Guard(model, "opening a generator", () => model.OpenGenerator(Math.Min(model.Configuration.ContextLength, 64), adapter: null));
        float[][] first = Guard(model, $"running {Length} ids", () => Rows(generator, text, Length));
        RowOutput rows = first.Length == Length ? RowOutput.Every
            : first.Length == 1 ? RowOutput.Last
            : throw new ModelLoadException($"A run of {Length} ids of '{model.Folder}' gave {first.Length} rows of logits, where one for each id, or for the last, is expected.", model.Folder);

        float[] again;
        try
        {
            generator.RewindTo(Length - 2);
            again = Rows(generator, text.AsSpan(Length - 2).ToArray(), 2)[^1];
        }
        catch (OnnxRuntimeGenAIException fault)
        {
            throw new ModelLoadException($"The model '{model.Folder}' ({model.Configuration.Type}) cannot go back to an earlier position: {fault.Message} {Instead}", model.Folder, fault);
        }

        float range = first[^1].Max() - first[^1].Min();
        if (first[^1].Zip(again).Any(pair => !(Math.Abs(pair.First - pair.Second) <= Tolerance * range)))
            throw new ModelLoadException($"The model '{model.Folder}' ({model.Configuration.Type}) does not compute the same after it went back to an earlier position: its state keeps what was taken back. {Instead}", model.Folder);
        return rows;
    }

    private static float[][] Rows(GenAIGenerator generator, int[] ids, int count)
    {
        generator.Append(ids);
        using LogitsRows rows = generator.ReadRows();
        return [.. Enumerable.Range(Math.Max(0, rows.Count - count), Math.Min(rows.Count, count)).Select(row => rows[row].ToArray())];
    }

    private static T Guard<T>(GenAIModel model, string doing, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (OnnxRuntimeGenAIException fault)
        {
            throw new ModelLoadException($"The model '{model.Folder}' ({model.Configuration.Type}) failed in {doing}: {fault.Message}", model.Folder, fault);
        }
    }
}
