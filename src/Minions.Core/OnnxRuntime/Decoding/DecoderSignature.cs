using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>What an opened graph takes and gives, read from its own metadata; the folder's configuration only fills what the graph leaves open.</summary>
internal sealed record DecoderSignature
{
    public required TensorElementType IdType { get; init; }

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

    /// <summary>Whether a run is told which rows' logits to compute; otherwise it computes all.</summary>
    public bool ChoosesRows { get; init; }

    public required TensorElementType KvType { get; init; }

    public required int KvHeads { get; init; }

    public required int HeadSize { get; init; }

    /// <summary>The cache tensors going in: key and value of layer 0, of layer 1, and so on.</summary>
    public required IReadOnlyList<string> Past { get; init; }

    /// <summary>The cache tensors coming out, in the order of <see cref="Past"/>.</summary>
    public required IReadOnlyList<string> Present { get; init; }

    /// <summary>Reads and checks a session's inputs and outputs.</summary>
    /// <param name="session">The opened graph.</param>
    /// <param name="folder">What the inputs and outputs are called.</param>
    /// <param name="rewritten">The graph that takes lengths in place of a mask; null for the folder's own.</param>
    /// <exception cref="ModelLoadException">The graph is no decoder this library can run.</exception>
    public static DecoderSignature Read(InferenceSession session, ModelFolder folder, RewrittenGraph? rewritten)
    {
        bool isSlotGraph = rewritten is not null;
        var metadata = new SignatureReader(session, folder);
        DecoderNames names = folder.Names;
        string prefix = isSlotGraph ? SlotNames.Prefix(0) : string.Empty;
        string[] past = [.. Layers(folder, layer => (names.PastKey(layer), names.PastValue(layer))).Select(name => prefix + name)];
        string[] present = [.. Layers(folder, layer => (names.PresentKey(layer), names.PresentValue(layer))).Select(name => prefix + name)];

        NodeMetadata ids = metadata.Input(names.InputIds);
        NodeMetadata logits = metadata.Logits(names.Logits);
        var pasts = past.Select(metadata.Input).ToList();
        foreach (string name in present)
            metadata.Output(name);

        NodeMetadata? positions = metadata.OptionalInput(names.PositionIds);
        NodeMetadata? mask = metadata.OptionalInput(names.AttentionMask);
        string[] lengths = isSlotGraph ? [SlotNames.SeqLens(0), SlotNames.Total(0), SlotNames.Rows] : [];
        metadata.RefuseOtherInputs([names.InputIds, names.PositionIds, names.AttentionMask, .. past, .. lengths]);

        return new DecoderSignature
        {
            IdType = metadata.Whole(names.InputIds, ids),
            PositionType = positions is null ? null : metadata.Whole(names.PositionIds, positions),
            MaskType = mask is null ? null : metadata.Whole(names.AttentionMask, mask),
            LogitsType = metadata.Real(names.Logits, logits),
            LogitsWidth = rewritten?.Vocabulary?.Width ?? metadata.Size(logits.Dimensions[2], folder.VocabularySize, names.Logits, "vocab_size"),
            Vocabulary = rewritten?.Vocabulary,
            ChoosesRows = metadata.OptionalInput(SlotNames.Rows) is not null,
            KvType = metadata.Real(past[0], pasts[0]),
            KvHeads = metadata.Size(pasts[0].Dimensions[1], folder.KvHeads, past[0], "num_key_value_heads"),
            HeadSize = metadata.Size(pasts[0].Dimensions[3], folder.HeadSize, past[0], "head_size"),
            Past = past,
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

    private static IEnumerable<string> Layers(ModelFolder folder, Func<int, (string Key, string Value)> names) =>
        Enumerable.Range(0, folder.LayerCount).Select(names).SelectMany(pair => new[] { pair.Key, pair.Value });
}
