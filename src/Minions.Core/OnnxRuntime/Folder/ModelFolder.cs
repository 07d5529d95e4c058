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

    public required int ContextLength { get; init; }

    /// <summary>The number of logits a row, or 0 when the configuration does not say.</summary>
    public int VocabularySize { get; init; }

    public IReadOnlyList<int> EndTokenIds { get; init; } = [];

    public required int LayerCount { get; init; }

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

    /// <summary>The folder's name and the size of its files: enough to tell a model from another, without reading it.</summary>
    public string Fingerprint =>
        $"{Name}:{new DirectoryInfo(System.IO.Path.GetDirectoryName(ModelFile)!).EnumerateFiles("*.onnx*").Sum(file => file.Length)}";

    /// <summary>Reads the configuration of a folder and checks that its model file is there.</summary>
    /// <exception cref="ModelLoadException">The folder, its configuration or its model file is missing or not usable.</exception>
    public static ModelFolder Read(string folder)
    {
        ModelFolder read = ReadConfiguration(folder);
        return MissingModel(read) is { } fault ? throw new ModelLoadException(fault, read.ModelFile) : read;
    }

    /// <summary>Everything that is wrong with the presence and form of a folder's files; no model is loaded.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="needsTokenizer">Whether the folder's own tokenizer will be used.</param>
    public static IEnumerable<string> FindFaults(string folder, bool needsTokenizer)
    {
        var faults = new List<string>();
        try
        {
            if (MissingModel(ReadConfiguration(folder)) is { } missing)
                faults.Add(missing);
        }
        catch (ModelLoadException fault)
        {
            faults.Add(fault.Message);
        }

        if (!needsTokenizer || !Directory.Exists(folder))
            return faults;

        string tokenizer = System.IO.Path.Combine(folder, TokenizerFile);
        if (!File.Exists(tokenizer))
        {
            faults.Add($"The model folder '{folder}' has no '{TokenizerFile}'.");
            return faults;
        }

        try
        {
            JsonFile.Read(tokenizer, root => root.IsObject);
        }
        catch (ModelLoadException fault)
        {
            faults.Add(fault.Message);
        }

        return faults;
    }

    private static ModelFolder ReadConfiguration(string folder)
    {
        if (!Directory.Exists(folder))
        {
            string where = System.IO.Path.IsPathRooted(folder) ? "" : $" in '{Directory.GetCurrentDirectory()}'";
            throw new ModelLoadException($"The model folder '{folder}' does not exist{where}: correct the path, or put the model there.", folder);
        }

        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        if (File.Exists(System.IO.Path.Combine(full, GenAiLayout.ConfigName)))
            return GenAiLayout.Read(full);
        if (File.Exists(System.IO.Path.Combine(full, HuggingFaceLayout.ConfigName)))
            return HuggingFaceLayout.Read(full);

        throw new ModelLoadException(
            $"The model folder '{folder}' has neither '{GenAiLayout.ConfigName}' (ONNX Runtime GenAI) nor '{HuggingFaceLayout.ConfigName}' "
            + "(Hugging Face ONNX export): point to the folder that holds one of them.",
            folder);
    }

    private static string? MissingModel(ModelFolder folder) => File.Exists(folder.ModelFile)
        ? null
        : $"The model file '{folder.ModelFile}' does not exist: complete the download of '{folder.Path}', or correct the file name in its configuration.";
}
