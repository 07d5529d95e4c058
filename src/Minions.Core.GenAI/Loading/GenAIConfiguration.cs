using System.Text.Json;

namespace Minions.Core.GenAI.Loading;

/// <summary>What this library has to know of a <c>genai_config.json</c>; GenAI itself reads the rest.</summary>
internal sealed record GenAIConfiguration
{
    public const string FileName = "genai_config.json";

    private const int SmallestBlock = 8;
    private const int UsualBlock = 32;

    public static readonly JsonDocumentOptions Tolerant = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>What makes a folder more than a decoder of text, and what to say of it.</summary>
    private static readonly (string Key, string Reason)[] Unusable =
    [
        ("model.draft", "it is a composite for GenAI's own speculation, which has one draft and no vote: name the target's folder by UseGenAITarget and the draft's by AddGenAIDraft"),
        ("model.vision", "it is a model that sees: take an export of its decoder as a text model"),
        ("model.speech", "it is a model that hears: take an export of its decoder as a text model"),
        ("model.embedding", "its decoder takes embeddings in place of ids: take an export of it as a text model"),
        ("model.encoder", "it has an encoder, and a pipeline generates with decoders of text alone"),
        ("model.decoder.session_options.custom_ops_library", "it would have native code of the folder's own choosing loaded, which is never done: take an export without operators of its own"),
        ("model.decoder.pipeline", "it splits the decoder over several models, which cannot go back to an earlier position: take an export of it as one ONNX file"),
    ];

    // GenAI changes the rotary factors of these when a text gets longer than this, but not where several ids are appended at once.
    private static readonly Dictionary<string, int> LongestShortTexts = new(StringComparer.Ordinal) { ["phi3"] = 4096, ["phimoe"] = 4096, ["phi3small"] = 8192 };

    /// <summary>The kind of model by GenAI's name, such as <c>llama</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The most ids of a text.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The longest text that is computed alike however it is split into runs, where that is less than <see cref="ContextLength"/>.</summary>
    public int UsableLength => Math.Min(ContextLength, LongestShortTexts.GetValueOrDefault(Type, int.MaxValue));

    /// <summary>Whether only short texts are computed alike.</summary>
    public bool IsShortened => UsableLength < ContextLength;

    /// <summary>The ids of the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The ONNX file, relative to the folder.</summary>
    public required string ModelFile { get; init; }

    /// <summary>What the graph calls its logits.</summary>
    public required string LogitsName { get; init; }

    /// <summary>The elements of a head, or 0 where nothing is said.</summary>
    public required int HeadSize { get; init; }

    /// <summary>The configuration of layers that see the newest entries only, as JSON; null where all see everything.</summary>
    public required string? SlidingWindow { get; init; }

    /// <summary>The threads that the folder asks for, or null.</summary>
    public required int? IntraOpThreads { get; init; }

    /// <summary>
    /// Whether attention would compute one row of a run by itself: the kernel for the CPU takes rows in blocks of twice the head size, or of as many as
    /// its share of the processor's second cache holds, a multiple of 32 on all processors known.
    /// </summary>
    public bool LeavesOneRow(int rows) => rows > SmallestBlock && (rows % UsualBlock == 1 || (2 * HeadSize >= SmallestBlock && rows % (2 * HeadSize) == 1));

    /// <summary>Reads and checks the configuration of a folder.</summary>
    /// <exception cref="ModelLoadException">The folder or the file is missing, is not JSON, lacks a value, or describes what cannot be a draft or target.</exception>
    public static GenAIConfiguration Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            string where = Path.IsPathRooted(folder) ? "" : $" in '{Directory.GetCurrentDirectory()}'";
            throw new ModelLoadException($"The model folder '{folder}' does not exist{where}: correct the path, or put the model there.", folder);
        }

        string file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            throw new ModelLoadException(
                $"The model folder '{folder}' has no '{FileName}', which ONNX Runtime GenAI needs: point to a folder of its layout, or load a Hugging Face export by UseTarget or AddDraft.",
                folder);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file), Tolerant);
            return Read(new JsonKeys(document.RootElement, file));
        }
        catch (JsonException fault)
        {
            throw new ModelLoadException($"'{file}' is not JSON: {fault.Message}", file, fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"'{file}' cannot be read: {fault.Message}", file, fault);
        }
    }

    private static GenAIConfiguration Read(JsonKeys keys)
    {
        foreach ((string key, string reason) in Unusable)
        {
            if (keys.Holds(key))
                throw keys.Fault(key, $"is present, so the model cannot be a draft or target here: {reason}");
        }

        return new GenAIConfiguration
        {
            Type = keys.Text("model.type") ?? throw keys.Fault("model.type", "is missing"),
            ContextLength = keys.Count("model.context_length") ?? throw keys.Fault("model.context_length", "is missing"),
            VocabularySize = keys.Count("model.vocab_size") ?? throw keys.Fault("model.vocab_size", "is missing"),
            ModelFile = keys.Text("model.decoder.filename") ?? "",
            LogitsName = keys.Text("model.decoder.outputs.logits") ?? "logits",
            HeadSize = keys.Number("model.decoder.head_size") ?? 0,
            SlidingWindow = ReadWindow(keys),
            IntraOpThreads = keys.Number("model.decoder.session_options.intra_op_num_threads") is > 0 and var threads ? threads : null,
        };
    }

    private static string? ReadWindow(JsonKeys keys)
    {
        const string Window = "model.decoder.sliding_window";
        if (!keys.Holds(Window))
            return null;

        // GenAI slides where nothing is said.
        foreach (string slides in new[] { $"{Window}.slide_key_value_cache", $"{Window}.slide_inputs" })
        {
            if (keys.Flag(slides) != false)
            {
                throw keys.Fault(slides, "is not false, so what left the window is gone and the model cannot go back to an earlier position, which speculation needs: "
                    + "take an export whose cache keeps all entries, or load the folder by UseTarget or AddDraft where its graph runs on the CPU or CUDA");
            }
        }

        return keys.Raw(Window);
    }
}
