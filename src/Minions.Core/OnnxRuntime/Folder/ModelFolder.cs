using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Files;
using Minions.Core.Generation;
using Minions.Core.Json;

namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>
/// What the files of a model folder say about the decoder in it. The graph has the last word on what it also states (inputs, element types,
/// heads); the configuration fills what the graph leaves open.
/// </summary>
internal sealed record ModelFolder
{
    private const string TokenizerFile = "tokenizer.json";

    public required string Path { get; init; }

    /// <summary>The folder's own name.</summary>
    public required string Name { get; init; }

    /// <summary>The full path of the ONNX file.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The folder that the graph's external data is named from: the model file's own, but where links lead out of it.</summary>
    public string DataFolder
    {
        get => field ?? System.IO.Path.GetDirectoryName(ModelFile)!;
        init;
    }

    /// <summary>The full paths of the files that hold the graph's weights beside the model file; known once the graph is read.</summary>
    public IReadOnlyList<string> DataFiles { get; init; } = [];

    /// <summary>The graph to open in place of the model file, its external data named from <see cref="DataFolder"/>; null where the file serves.</summary>
    public byte[]? LinkedGraph { get; init; }

    /// <summary>The most ids of a text, or 0 when only the graph can say.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Where the configuration would say <see cref="ContextLength"/>, for a message.</summary>
    public string ContextLengthKey { get; init; } = "The context length";

    /// <summary>The number of logits a row, or 0 when the configuration does not say.</summary>
    public int VocabularySize { get; init; }

    public IReadOnlyList<int> EndTokenIds { get; init; } = [];

    /// <summary>How the folder's files recommend that ids are chosen.</summary>
    public ModelDefaults Defaults { get; init; } = ModelDefaults.None;

    public required int LayerCount { get; init; }

    /// <summary>The ids that the model can read: from 0 to this, exclusive; 0 when its graph does not show it.</summary>
    public int EmbeddedIds { get; init; }

    /// <summary>For each column of the logits its token, or <see langword="null"/> where that is the column's number.</summary>
    public IReadOnlyList<int>? TokenOfColumn { get; init; }

    /// <summary>The heads of a layer's KV cache, or 0 when only the graph can say.</summary>
    public int KvHeads { get; init; }

    /// <summary>The elements of a KV head, or 0 when only the graph can say.</summary>
    public int HeadSize { get; init; }

    /// <summary>The newest entries that windowed layers see, or null where the configuration names no window.</summary>
    public int? WindowSize { get; init; }

    public DecoderNames Names { get; init; } = new();

    /// <summary>Session configuration entries, by ONNX Runtime's names.</summary>
    public IReadOnlyDictionary<string, string> SessionEntries { get; init; } = new Dictionary<string, string>();

    public int? IntraOpThreads { get; init; }

    /// <summary>How far ONNX Runtime rewrites the graph, by the names of GenAI (<c>ORT_ENABLE_ALL</c>), or null for its default.</summary>
    public string? GraphOptimization { get; init; }

    /// <summary>Options by execution provider, its name in lower case without "ExecutionProvider".</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> ProviderOptions { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>The names of folder and file and the size of the files: enough to tell a model from another, without reading it.</summary>
    public string Fingerprint =>
        $"{Name}/{System.IO.Path.GetFileName(ModelFile)}:{new DirectoryInfo(System.IO.Path.GetDirectoryName(ModelFile)!).EnumerateFiles("*.onnx*").Sum(Size)}";

    /// <summary>Reads the configuration of a folder and finds its model file.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="modelFile">The ONNX file, relative to the folder, or <see langword="null"/> to find it.</param>
    /// <param name="logger">Hears of a choice that the folder left open; <see langword="null"/> for none.</param>
    /// <exception cref="ModelLoadException">The folder, its configuration or its model file is missing or not usable.</exception>
    public static ModelFolder Read(string folder, string? modelFile = null, ILogger? logger = null)
    {
        if (!Directory.Exists(folder))
        {
            string where = System.IO.Path.IsPathRooted(folder) ? "" : $" in '{Directory.GetCurrentDirectory()}'";
            throw new ModelLoadException(
                PathFault.OfLink(folder) is { } link ? $"The model folder cannot be used: {link}." : $"The model folder '{folder}' does not exist{where}: correct the path, or put the model there.", folder);
        }

        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        var file = new ModelFileChoice(full, modelFile, logger ?? NullLogger.Instance);
        if (PathFault.IsTaken(System.IO.Path.Combine(full, GenAiLayout.ConfigName)))
            return GenAiLayout.Read(full, file);
        if (PathFault.IsTaken(System.IO.Path.Combine(full, HuggingFaceLayout.ConfigName)))
            return HuggingFaceLayout.Read(full, file);

        throw new ModelLoadException(
            $"The model folder '{folder}' has neither '{GenAiLayout.ConfigName}' (ONNX Runtime GenAI) nor '{HuggingFaceLayout.ConfigName}' "
            + "(Hugging Face ONNX export): point to the folder that holds one of them.",
            folder);
    }

    /// <summary>Everything that is wrong with the presence and form of a folder's files; no model is loaded.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="modelFile">The ONNX file, relative to the folder, or <see langword="null"/> to find it.</param>
    /// <param name="needsTokenizer">Whether the folder's own tokenizer will be used.</param>
    public static IEnumerable<string> FindFaults(string folder, string? modelFile, bool needsTokenizer)
    {
        var faults = new List<string>();
        try
        {
            Read(folder, modelFile);
        }
        catch (ModelLoadException fault)
        {
            faults.Add(fault.Message);
        }

        if (!needsTokenizer || !Directory.Exists(folder))
            return faults;

        string tokenizer = System.IO.Path.Combine(folder, TokenizerFile);
        if (!PathFault.IsTaken(tokenizer))
        {
            faults.Add($"The model folder '{folder}' has no '{TokenizerFile}'.");
            return faults;
        }

        try
        {
            (string file, byte[] content) = Tokenization.TokenizerFile.Read(folder);
            JsonFile.Read(file, content, root => root.IsObject);
        }
        catch (ModelLoadException fault)
        {
            faults.Add(fault.Message);
        }

        return faults;
    }

    // The length of a link is that of its text.
    private static long Size(FileInfo file)
    {
        try
        {
            return new FileInfo(RealPath.Of(file.FullName)) is { Exists: true } real ? real.Length : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
