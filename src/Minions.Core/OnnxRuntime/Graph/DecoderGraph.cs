using Google.Protobuf;
using Minions.Core.Files;
using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// The nodes of a decoder's ONNX file, without its external data. Immutable once read: all members may be called from several threads.
/// </summary>
internal sealed class DecoderGraph
{
    private readonly OnnxModel _model;
    private readonly FactorSwitch? _factors;
    private readonly string? _windowFault;
    private readonly bool _isChanged;
    private readonly Lazy<IReadOnlySet<string>> _causalMasks;

    private DecoderGraph(OnnxModel model, ModelFolder folder, IReadOnlyList<string> states)
    {
        _model = model;
        Folder = folder = Complete(folder, model);

        // States tell a layer by the name of its cache, which caches of a fixed length get only here.
        HasFixedCaches = StandardAttention.HandCachesOn(
            model.Graph,
            layer => (folder.Names.PastKey(layer), folder.Names.PastValue(layer), folder.Names.PresentKey(layer), folder.Names.PresentValue(layer)));
        (States, bool addsStates) = StateOutputs.Expose(model, folder, states);
        _windowFault = SlidingWindows.FindFault(model.Graph);
        WindowSizes = [.. SlidingWindows.SizesIn(model.Graph)];
        _factors = FactorSwitch.Expose(model, folder);
        LongestText = RotaryTables.LongestText(model.Graph, folder.Names.PositionIds);
        _isChanged = SlidingWindows.KeepWholeTexts(model.Graph) | (_factors is not null) | addsStates;
        CrossRowOperator = CrossRowOperators.FindFirst(model);

        // Looked for when the graph is rewritten: who reads it for another purpose need not wait.
        _causalMasks = new Lazy<IReadOnlySet<string>>(() => CausalMasks.Find(model, Folder));
    }

    /// <summary>
    /// The first node, by name and operator, that lets one row's result depend on other rows, on the width of the run or on the total
    /// length; null where none is known to, which does not prove that none does.
    /// </summary>
    public string? CrossRowOperator { get; }

    /// <summary>The sizes of the graph's attention windows, each once; none where every attention sees the whole text.</summary>
    public IReadOnlyList<long> WindowSizes { get; }

    /// <summary>Whether the file's own caches have a length of their own, so that it can only be run rewritten.</summary>
    public bool HasFixedCaches { get; }

    /// <summary>Whether attention is ONNX's own.</summary>
    public bool HasStandardAttention => _model.Graph.Node.Any(StandardAttention.Is);

    /// <summary>The longest text that the graph has rotary positions for, or null where it sets no limit.</summary>
    public int? LongestText { get; }

    /// <summary>The states that the graph gives beside logits and caches, in the order asked for.</summary>
    public IReadOnlyList<StateOutput> States { get; }

    /// <summary>What was read of the folder, with what only the graph tells.</summary>
    public ModelFolder Folder { get; }

    /// <summary>The weights of the original graph.</summary>
    public IEnumerable<OnnxTensor> Weights => _model.Graph.Initializer;

    /// <summary>Reads the graph of a folder.</summary>
    /// <param name="folder">What was read of the folder.</param>
    /// <param name="states">The states that its graphs shall give, as <see cref="StateOutputs"/> knows them; null for none.</param>
    /// <exception cref="ModelLoadException">
    /// The file or its external data cannot be read, it is no ONNX file, it holds a graph that cannot be meant, or one that cannot give a state.
    /// </exception>
    public static DecoderGraph Read(ModelFolder folder, IReadOnlyList<string>? states = null)
    {
        string modelFile = folder.ModelFile;
        try
        {
            using FileStream stream = File.OpenRead(modelFile);
            using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, recursionLimit: 100);
            OnnxModel model = OnnxModel.Parser.ParseFrom(input);
            if (model.Graph is not { Node.Count: > 0 })
                throw Unusable(modelFile, null);
            var graph = new DecoderGraph(model, folder, states ?? []);
            return graph.FindFault(graph.Folder) is { } fault ? throw new ModelLoadException($"Model '{modelFile}' cannot be used: {fault}.", modelFile) : graph;
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw Unusable(modelFile, broken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(
                PathFault.OfFile(modelFile) is { } cause ? $"The model file cannot be used: {cause}." : $"The model file '{modelFile}' cannot be read: {unreadable.Message}", modelFile, unreadable);
        }
    }

    /// <summary>
    /// The graph as it has to be loaded where it cannot be rewritten for a slot: it keeps its inputs and outputs. Null where the file serves.
    /// </summary>
    public RewrittenGraph? ChangedOnly() => _isChanged ? AsRewritten(0, _model, null) : null;

    /// <summary>
    /// The graph for several requests in one run: rows of all slots stand one after another, and every attention node becomes one a slot,
    /// each with its own KV cache and lengths as inputs (<see cref="SlotNames"/>) in place of the attention mask.
    /// </summary>
    /// <param name="slots">The number of slots, at least 1.</param>
    /// <param name="folder">What the inputs and outputs are called.</param>
    /// <param name="reason">Why there is no such graph, or null.</param>
    /// <returns>The new graph, or null where the graph holds something that cannot be rewritten safely.</returns>
    public RewrittenGraph? Rewrite(int slots, ModelFolder folder, out string? reason)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        reason = slots > 1 ? FindPackingObstacle(folder) : null;
        if (reason is not null || SlotRewrite.TryApply(_model, folder, States, _causalMasks.Value, slots, out reason) is not { } rewritten)
            return null;

        return AsRewritten(slots, rewritten.Model, rewritten.Vocabulary);
    }

    /// <summary>The graph from the ids to the rows that the first layer starts from.</summary>
    /// <exception cref="ModelLoadException">The embedding is not found, or needs more than the ids.</exception>
    public TargetPart EmbeddingPart() => TargetParts.Embedding(_model, Folder);

    /// <summary>The graph from the state behind the final normalisation to the logits.</summary>
    /// <exception cref="ModelLoadException">The head is not found, or needs more than the state.</exception>
    public TargetPart HeadPart() => TargetParts.Head(_model, Folder);

    /// <summary>A node that takes rows out before the logits, by name and operator, or null.</summary>
    public string? FindRowCut(ModelFolder folder) => RowCut.Find(_model.Graph, folder.Names.Logits);

    /// <summary>Why a graph that can be rewritten for one slot cannot be for several, or null. Rewrites nothing.</summary>
    public string? FindPackingObstacle(ModelFolder folder) => CrossRowOperator is not null ? $"{CrossRowOperator} mixes rows"
        : _factors is not null ? "its rotary factors depend on the length of a text, and all texts of a run share them"
        : SlotRewrite.FindObstacle(_model, folder, _causalMasks.Value, slots: 2);

    // Adds to a folder what only the graph tells.
    private static ModelFolder Complete(ModelFolder folder, OnnxModel model)
    {
        (string dataFolder, bool isLinked, IReadOnlyList<string> dataFiles) = ExternalData.Locate(model, folder.ModelFile);
        int context = folder.ContextLength > 0 ? folder.ContextLength : StatedSizes.Positions(model);
        if (context == 0)
            context = RotaryTables.LongestText(model.Graph, folder.Names.PositionIds) ?? 0;
        if (context == 0)
            throw new ModelLoadException($"{folder.ContextLengthKey} is missing, and the graph '{folder.ModelFile}' does not tell the context length either: add it.", folder.Path);

        return folder with
        {
            ContextLength = context,
            EmbeddedIds = StatedSizes.EmbeddedIds(model, folder.Names.InputIds),
            DataFolder = dataFolder,
            DataFiles = dataFiles,
            LinkedGraph = isLinked ? model.ToByteArray() : null,
        };
    }

    private string? FindFault(ModelFolder folder) => _windowFault ?? RotaryTables.FindFault(_model.Graph, folder, _factors);

    private RewrittenGraph AsRewritten(int slots, OnnxModel model, ReducedVocabulary? vocabulary) => new(
        slots,
        model.ToByteArray(),
        model.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal),
        vocabulary,
        _factors);

    private static ModelLoadException Unusable(string modelFile, Exception? cause) => new(
        LfsPointer.IsFile(modelFile)
            ? $"The model file '{modelFile}' {LfsPointer.Advice}."
            : $"The model file '{modelFile}' is truncated or not an ONNX file: copy or download it again.",
        modelFile,
        cause);
}

/// <summary>A graph changed in memory.</summary>
/// <param name="Slots">The requests it runs at once; 0 where it takes a mask and hands its cache on, as the original does.</param>
/// <param name="File">The bytes of the ONNX file; its external data stays in the folder of the original.</param>
/// <param name="Weights">The names of the weights that are left.</param>
/// <param name="Vocabulary">Where each token's logit stands, or null when that is the column of the token's own number.</param>
/// <param name="Factors">How rotary factors depend on the length of a text, or null where they do not.</param>
internal sealed record RewrittenGraph(int Slots, byte[] File, IReadOnlySet<string> Weights, ReducedVocabulary? Vocabulary, FactorSwitch? Factors)
{
    /// <summary>Whether it takes lengths in place of a mask and appends to its caches in place.</summary>
    public bool IsSlotGraph => Slots > 0;
}
