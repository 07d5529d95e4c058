namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>
/// The folder layout of a Hugging Face ONNX export (Optimum, transformers.js): <c>config.json</c>, perhaps <c>generation_config.json</c>, and the
/// graph in <c>model.onnx</c> or <c>onnx/model.onnx</c>.
/// </summary>
internal static class HuggingFaceLayout
{
    public const string ConfigName = "config.json";

    private const string GenerationConfigName = "generation_config.json";

    public static ModelFolder Read(string folder)
    {
        using var config = ConfigFile.Open(Path.Combine(folder, ConfigName));

        // Models that also see or hear keep the decoder's own values one level deeper.
        string at = config.Find("text_config") is null ? "" : "text_config.";
        int attentionHeads = config.RequiredCount($"{at}num_attention_heads", $"{at}n_head", $"{at}n_heads");
        int hidden = config.Count($"{at}hidden_size") ?? config.Count($"{at}n_embd") ?? config.Count($"{at}d_model") ?? 0;
        IReadOnlyList<int> ends = [.. config.TokenIds("eos_token_id"), .. config.TokenIds("text_config.eos_token_id")];

        string generationPath = Path.Combine(folder, GenerationConfigName);
        if (File.Exists(generationPath))
        {
            using var generation = ConfigFile.Open(generationPath);
            ends = [.. ends, .. generation.TokenIds("eos_token_id")];
        }

        return new ModelFolder
        {
            Path = folder,
            Name = Path.GetFileName(folder),
            ModelFile = FindModel(folder),
            ContextLength = config.RequiredCount(
                $"{at}max_position_embeddings", $"{at}n_positions", $"{at}n_ctx", $"{at}max_seq_len", $"{at}seq_length"),
            VocabularySize = config.Count($"{at}vocab_size") ?? config.Count("vocab_size") ?? 0,
            EndTokenIds = [.. ends.Distinct()],
            LayerCount = config.RequiredCount($"{at}num_hidden_layers", $"{at}n_layer", $"{at}n_layers", $"{at}num_layers"),
            KvHeads = config.Count($"{at}num_key_value_heads") ?? attentionHeads,
            HeadSize = config.Count($"{at}head_dim") ?? (hidden / attentionHeads),
        };
    }

    private static string FindModel(string folder)
    {
        string beside = Path.Combine(folder, "model.onnx");
        string below = Path.Combine(folder, "onnx", "model.onnx");
        return !File.Exists(beside) && File.Exists(below) ? below : beside;
    }
}
