using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>What an opened graph takes and gives, read from its own metadata; the folder's configuration only fills what the graph leaves open.</summary>
internal sealed record DecoderSignature
{
    private const int UsualBlock = 32;
    private const int SmallestBlock = 8;

    // The logit of tokens that a head's table does not name, never the largest.
    private const float NoColumn = -1e4f;

    /// <summary>The element type of the ids, or <see langword="null"/> in a head that reads their embeddings.</summary>
    public required TensorElementType? IdType { get; init; }

    /// <summary>The element type of the position input, or <see langword="null"/> when rotary positions are computed inside attention.</summary>
    public TensorElementType? PositionType { get; init; }

    /// <summary>The element type of the mask input, or <see langword="null"/> in a graph that takes lengths.</summary>
    public TensorElementType? MaskType { get; init; }

    public required TensorElementType LogitsType { get; init; }

    /// <summary>The logits of a row as the graph writes them.</summary>
    public required int LogitsWidth { get; init; }

    /// <summary>Which column is which token's, or <see langword="null"/> when each token has a column of its own number.</summary>
    public ReducedVocabulary? Vocabulary { get; init; }

    public int VocabularySize => Vocabulary?.TokenCount ?? LogitsWidth;

    /// <summary>How rotary factors depend on the length of a text, or <see langword="null"/> where they do not.</summary>
    public FactorSwitch? Factors { get; init; }

    /// <summary>The longest text that takes the factors of short ones.</summary>
    public int LongestShortText => Factors?.Length ?? int.MaxValue;

    /// <summary>Whether a run is told which rows' logits to compute; otherwise it computes all.</summary>
    public bool ChoosesRows { get; init; }

    /// <summary>What goes in of each id beside the id: nothing, but in heads.</summary>
    public IReadOnlyList<RowTensor> RowInputs { get; init; } = [];

    /// <summary>What comes out of each id beside logits: states.</summary>
    public IReadOnlyList<RowTensor> RowOutputs { get; init; } = [];

    /// <summary>The cache tensors going in: key and value of layer 0, of layer 1, and so on.</summary>
    public required IReadOnlyList<string> Past { get; init; }

    /// <summary>What each of these holds, in the order of <see cref="Past"/>: layers may differ, and so may a layer's key and value.</summary>
    public required IReadOnlyList<CacheTensor> Caches { get; init; }

    /// <summary>Whether all of these lie in the host's memory, so that their content can be copied from here.</summary>
    public bool CachesAreOnHost { get; private init; } = true;

    /// <summary>The cache tensors coming out, in the order of <see cref="Past"/>.</summary>
    public required IReadOnlyList<string> Present { get; init; }

    /// <summary>Reads and checks a session's inputs and outputs.</summary>
    /// <param name="session">The opened graph.</param>
    /// <param name="placement">Where it reads inputs and leaves outputs.</param>
    /// <param name="folder">What the inputs and outputs are called.</param>
    /// <param name="rewritten">The graph that was loaded in place of the folder's own, or null.</param>
    /// <exception cref="ModelLoadException">The graph is no decoder this library can run.</exception>
    public static DecoderSignature Read(InferenceSession session, TensorPlacement placement, ModelFolder folder, RewrittenGraph? rewritten)
    {
        bool isSlotGraph = rewritten is { IsSlotGraph: true };
        var metadata = new SignatureReader(session, placement, folder, isSlotGraph);
        DecoderNames names = folder.Names;
        string prefix = isSlotGraph ? SlotNames.Prefix(0) : string.Empty;
        string[] past = [.. Layers(folder, layer => (names.PastKey(layer), names.PastValue(layer))).Select(name => prefix + name)];
        string[] present = [.. Layers(folder, layer => (names.PresentKey(layer), names.PresentValue(layer))).Select(name => prefix + name)];

        NodeMetadata? ids = names.ReadsIds ? metadata.Rows(names.InputIds) ?? metadata.Input(names.InputIds) : null;
        NodeMetadata logits = metadata.Logits(names.Logits);
        ReducedVocabulary? vocabulary = rewritten?.Vocabulary ?? Tabulated(metadata, folder, logits);
        CacheTensor[] caches = [.. past.Zip(present).Select(pair => metadata.Cache(pair.First, pair.Second))];
        NodeMetadata? positions = metadata.Rows(names.PositionIds);
        NodeMetadata? mask = metadata.Rows(names.AttentionMask);
        string[] lengths = isSlotGraph ? [SlotNames.SeqLens(0), SlotNames.Total(0), SlotNames.Rows] : [];
        metadata.RefuseOtherInputs([names.InputIds, names.PositionIds, names.AttentionMask, FactorSwitch.Input, .. names.RowInputs, .. past, .. lengths]);

        return new DecoderSignature
        {
            IdType = ids is null ? null : metadata.Whole(names.InputIds, ids),
            PositionType = positions is null ? null : metadata.Whole(names.PositionIds, positions),
            MaskType = mask is null ? null : metadata.Whole(names.AttentionMask, mask),
            LogitsType = metadata.Real(names.Logits, logits),
            LogitsWidth = vocabulary?.Width ?? metadata.Size(logits.Dimensions[2], folder.VocabularySize, names.Logits, "vocab_size"),
            Vocabulary = vocabulary,
            Factors = rewritten?.Factors,
            ChoosesRows = metadata.OptionalInput(SlotNames.Rows) is not null,
            RowInputs = [.. names.RowInputs.Select(name => metadata.RowInput(name))],
            RowOutputs = [.. names.RowOutputs.Select(name => metadata.RowOutput(name))],
            Past = past,
            Caches = caches,
            CachesAreOnHost = Array.TrueForAll(caches, cache => cache.IsOnHost),
            Present = present,
        };
    }

    /// <summary>
    /// How many rows at the end of a text's part of a run have their logits computed: two at least where there are several, since the kernels
    /// for a single row round differently.
    /// </summary>
    /// <param name="width">The rows of the part.</param>
    /// <param name="wanted">The rows at its end whose logits are wanted.</param>
    public int RowsComputed(int width, int wanted) => ChoosesRows ? Math.Min(width, Math.Max(2, wanted)) : width;

    /// <summary>
    /// Whether attention would compute one row of a run by itself. ONNX Runtime's kernel for float32 takes rows in blocks of twice the head size, or of as
    /// many as its share of the processor's second cache holds, which was a multiple of 32 on all processors known.
    /// </summary>
    public bool LeavesOneRow(int rows)
    {
        if (rows <= SmallestBlock)
            return false;
        if (rows % UsualBlock == 1)
            return true;

        // Asked in every round: an enumerator would be an allocation.
        for (int i = 0; i < Caches.Count; i++)
        {
            int block = Caches[i].HeadSize * 2;
            if (!Caches[i].IsFlat && block >= SmallestBlock && rows % block == 1)
                return true;
        }

        return false;
    }

    // A table beside the graph says which token a column stands for.
    private static ReducedVocabulary? Tabulated(SignatureReader metadata, ModelFolder folder, NodeMetadata logits)
    {
        if (folder.TokenOfColumn is not { } tokens)
            return null;

        int width = metadata.Size(logits.Dimensions[2], tokens.Count, folder.Names.Logits, "vocab_size");
        if (width != tokens.Count)
            throw metadata.Refuse($"output '{folder.Names.Logits}' has {width} columns, where the table of their tokens has {tokens.Count} entries: they are of two heads");
        int count = Math.Max(folder.VocabularySize, tokens.Max() + 1);
        int[] columns = new int[count];
        Array.Fill(columns, width);
        for (int column = 0; column < width; column++)
            columns[tokens[column]] = column;
        return new ReducedVocabulary(columns, width, NoColumn);
    }

    private static IEnumerable<string> Layers(ModelFolder folder, Func<int, (string Key, string Value)> names) =>
        Enumerable.Range(0, folder.LayerCount).Select(names).SelectMany(pair => new[] { pair.Key, pair.Value });
}
