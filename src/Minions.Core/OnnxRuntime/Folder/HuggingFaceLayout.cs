using Minions.Core.Json;

namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>
/// The folder layout of a Hugging Face ONNX export (Optimum, transformers.js): <c>config.json</c>, perhaps <c>generation_config.json</c>, and the
/// graph in <c>model.onnx</c> or <c>onnx/model.onnx</c>.
/// </summary>
internal static class HuggingFaceLayout
{
    public const string ConfigName = "config.json";

    private const string GenerationConfigName = "generation_config.json";

    public static ModelFolder Read(string folder) => JsonFile.Read(Path.Combine(folder, ConfigName), config => Read(folder, config));

    private static ModelFolder Read(string folder, JsonPart config)
    {
        // Models that also see or hear keep the decoder's own values one level deeper.
        string at = config.At("text_config") is null ? "" : "text_config.";
        int attentionHeads = config.RequiredCountAt($"{at}num_attention_heads", $"{at}n_head", $"{at}n_heads");
        int hidden = config.CountAt($"{at}hidden_size") ?? config.CountAt($"{at}n_embd") ?? config.CountAt($"{at}d_model") ?? 0;
        IReadOnlyList<int> ends = [.. config.TokenIdsAt("eos_token_id"), .. config.TokenIdsAt("text_config.eos_token_id")];

        string generationPath = Path.Combine(folder, GenerationConfigName);
        if (File.Exists(generationPath))
            ends = [.. ends, .. JsonFile.Read(generationPath, generation => generation.TokenIdsAt("eos_token_id"))];

        return new ModelFolder
        {
            Path = folder,
            Name = Path.GetFileName(folder),
            ModelFile = FindModel(folder),
            ContextLength = config.RequiredCountAt(
                $"{at}max_position_embeddings", $"{at}n_positions", $"{at}n_ctx", $"{at}max_seq_len", $"{at}seq_length"),
            VocabularySize = config.CountAt($"{at}vocab_size") ?? config.CountAt("vocab_size") ?? 0,
            EndTokenIds = [.. ends.Distinct()],
            LayerCount = config.RequiredCountAt($"{at}num_hidden_layers", $"{at}n_layer", $"{at}n_layers", $"{at}num_layers"),
            KvHeads = config.CountAt($"{at}num_key_value_heads") ?? attentionHeads,
            HeadSize = config.CountAt($"{at}head_dim") ?? (hidden / attentionHeads),
        };
    }

    private static string FindModel(string folder)
    {
        string beside = Path.Combine(folder, "model.onnx");
        string below = Path.Combine(folder, "onnx", "model.onnx");
        return !File.Exists(beside) && File.Exists(below) ? below : beside;
    }
}
