using Microsoft.ML.OnnxRuntimeGenAI;

namespace Minions.Core.GenAI.Loading;

/// <summary>
/// Runs a few ids when a model loads, to find what its files do not tell: which rows it gives, whether it can take more ids behind those it has run and
/// go back to an earlier position, and whether texts keep apart.
/// </summary>
internal static class TrialRun
{
    private const int Start = 3;
    private const int Length = 5;

    // Runs of one width are the same but for hardware that adds in another order each time.
    private const float Tolerance = 0.001f;

    private const string Instead = "Speculation needs it, to take rejected guesses back. Plain decoding by ONNX Runtime GenAI itself works with such a model; "
        + "here, take another export or execution provider, or load the folder by UseTarget or AddDraft where its graph has a key-value cache.";

    /// <exception cref="ModelLoadException">The model cannot be used.</exception>
    public static RowOutput Of(GenAIModel model)
    {
        int[] text = ExactnessProbe.Text(2 * Length, model.Configuration.VocabularySize);
        int room = Math.Min(model.Configuration.ContextLength, 64);
        using GenAIGenerator generator = Try(model, "cannot be opened", "", () => model.OpenGenerator(room, adapter: null));
        int count = Try(model, $"failed in running {Start} ids", "", () => Run(generator, text[..Start]).Count);
        if (count is not (1 or Start))
            throw new ModelLoadException($"A run of {Start} ids of '{model.Folder}' gave {count} rows of logits, where one for each id, or for the last, is expected.", model.Folder);

        float[] first = Try(model, "cannot take more ids behind those that were run", Instead, () => Run(generator, text[Start..Length]).Last);
        float[] again = Try(model, "cannot go back to an earlier position", Instead, () => Again(generator, text));
        if (Differ(first, again))
            throw new ModelLoadException($"The model '{model.Folder}' ({model.Configuration.Type}) does not compute the same after it went back to an earlier position: its state keeps what was taken back. {Instead}", model.Folder);

        using GenAIGenerator other = Try(model, "cannot hold two texts", Instead, () => model.OpenGenerator(room, adapter: null));
        float[] third = Try(model, "cannot hold two texts", Instead, () =>
        {
            Run(other, text[Length..]);
            return Again(generator, text);
        });
        return Differ(first, third)
            ? throw new ModelLoadException($"The model '{model.Folder}' ({model.Configuration.Type}) keeps the keys and values of one text alone, so that requests would read each other's. {Instead}", model.Folder)
            : count == 1 ? RowOutput.Last : RowOutput.Every;
    }

    private static float[] Again(GenAIGenerator generator, int[] text)
    {
        generator.RewindTo(Start);
        return Run(generator, text[Start..Length]).Last;
    }

    private static bool Differ(float[] one, float[] other)
    {
        float tolerated = Tolerance * (one.Max() - one.Min());
        return one.Zip(other).Any(pair => !(Math.Abs(pair.First - pair.Second) <= tolerated));
    }

    private static (int Count, float[] Last) Run(GenAIGenerator generator, int[] ids)
    {
        generator.Append(ids);
        using LogitsRows rows = generator.ReadRows();
        return (rows.Count, rows[rows.Count - 1].ToArray());
    }

    private static T Try<T>(GenAIModel model, string what, string advice, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (OnnxRuntimeGenAIException fault)
        {
            throw new ModelLoadException($"The model '{model.Folder}' ({model.Configuration.Type}) {what}: {fault.Message} {advice}".TrimEnd(), model.Folder, fault);
        }
    }
}
