namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>
/// What a decoder graph calls its inputs and outputs; "%d" in a format stands for the layer. The defaults are the names that both the ONNX
/// Runtime GenAI builder and Optimum write.
/// </summary>
internal sealed record DecoderNames
{
    public string InputIds { get; init; } = "input_ids";

    /// <summary>Whether the graph takes ids, rather than their embeddings.</summary>
    public bool ReadsIds { get; init; } = true;

    /// <summary>Inputs with a row of real numbers for each id, as heads have them.</summary>
    public IReadOnlyList<string> RowInputs { get; init; } = [];

    /// <summary>Outputs with a row of real numbers for each id, beside the logits: states that somebody reads.</summary>
    public IReadOnlyList<string> RowOutputs { get; init; } = [];

    public string AttentionMask { get; init; } = "attention_mask";

    public string PositionIds { get; init; } = "position_ids";

    public string PastKeyFormat { get; init; } = "past_key_values.%d.key";

    public string PastValueFormat { get; init; } = "past_key_values.%d.value";

    public string Logits { get; init; } = "logits";

    public string PresentKeyFormat { get; init; } = "present.%d.key";

    public string PresentValueFormat { get; init; } = "present.%d.value";

    public string PastKey(int layer) => OfLayer(PastKeyFormat, layer);

    public string PastValue(int layer) => OfLayer(PastValueFormat, layer);

    public string PresentKey(int layer) => OfLayer(PresentKeyFormat, layer);

    public string PresentValue(int layer) => OfLayer(PresentValueFormat, layer);

    private static string OfLayer(string format, int layer) =>
        format.Replace("%d", layer.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
