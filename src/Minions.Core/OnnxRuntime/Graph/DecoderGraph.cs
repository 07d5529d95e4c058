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

    private readonly string _dataFolder;
    private readonly bool _isLinked;

    private DecoderGraph(OnnxModel model, string modelFile)
    {
        _model = model;
        CrossRowOperator = CrossRowOperators.FindFirst(model);
        (_dataFolder, _isLinked) = ExternalData.Locate(model, modelFile);
    }

    /// <summary>
    /// The first node, by name and operator, that lets one row's result depend on other rows, on the width of the run or on the total
    /// length; null where none is known to, which does not prove that none does.
    /// </summary>
    public string? CrossRowOperator { get; }

    /// <summary>The weights of the original graph.</summary>
    public IEnumerable<OnnxTensor> Weights => _model.Graph.Initializer;

    /// <exception cref="ModelLoadException">The file or its external data cannot be read, or it is no ONNX file.</exception>
    public static DecoderGraph Read(string modelFile)
    {
        try
        {
            using FileStream stream = File.OpenRead(modelFile);
            using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, recursionLimit: 100);
            OnnxModel model = OnnxModel.Parser.ParseFrom(input);
            return model.Graph is { Node.Count: > 0 } ? new DecoderGraph(model, modelFile) : throw Unusable(modelFile, null);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw Unusable(modelFile, fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(
                PathFault.OfFile(modelFile) is { } cause ? $"The model file cannot be used: {cause}." : $"The model file '{modelFile}' cannot be read: {fault.Message}", modelFile, fault);
        }
    }

    /// <summary>Adds to a folder what only the graph tells.</summary>
    /// <exception cref="ModelLoadException">Neither tells the context length.</exception>
    public ModelFolder Complete(ModelFolder folder)
    {
        int context = folder.ContextLength > 0 ? folder.ContextLength : StatedSizes.Positions(_model);
        if (context == 0)
            throw new ModelLoadException($"{folder.ContextLengthKey} is missing, and the graph '{folder.ModelFile}' does not tell the context length either: add it.", folder.Path);

        return folder with
        {
            ContextLength = context,
            EmbeddedIds = StatedSizes.EmbeddedIds(_model, folder.Names.InputIds),
            DataFolder = _dataFolder,
            LinkedGraph = _isLinked ? _model.ToByteArray() : null,
        };
    }

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
        if (reason is not null || SlotRewrite.TryApply(_model, folder, slots, out reason) is not { } rewritten)
            return null;

        return new RewrittenGraph(
            slots,
            rewritten.Model.ToByteArray(),
            rewritten.Model.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal),
            rewritten.Vocabulary);
    }

    /// <summary>Why a graph that can be rewritten for one slot cannot be for several, or null. Rewrites nothing.</summary>
    public string? FindPackingObstacle(ModelFolder folder) =>
        CrossRowOperator is not null ? $"{CrossRowOperator} mixes rows" : SlotRewrite.FindObstacle(_model, folder, slots: 2);

    private static ModelLoadException Unusable(string modelFile, Exception? cause) => new(
        LfsPointer.IsFile(modelFile)
            ? $"The model file '{modelFile}' {LfsPointer.Advice}."
            : $"The model file '{modelFile}' is truncated or not an ONNX file: copy or download it again.",
        modelFile,
        cause);
}

/// <summary>A graph changed in memory.</summary>
/// <param name="Slots">The requests it runs at once.</param>
/// <param name="File">The bytes of the ONNX file; its external data stays in the folder of the original.</param>
/// <param name="Weights">The names of the weights that are left.</param>
/// <param name="Vocabulary">Where each token's logit stands, or null when that is the column of the token's own number.</param>
internal sealed record RewrittenGraph(int Slots, byte[] File, IReadOnlySet<string> Weights, ReducedVocabulary? Vocabulary);
