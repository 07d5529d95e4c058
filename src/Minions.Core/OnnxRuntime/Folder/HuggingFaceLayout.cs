using Minions.Core.Files;
using Minions.Core.Generation;
using Minions.Core.Json;

namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>
/// The folder layout of a Hugging Face ONNX export (Optimum, transformers.js): <c>config.json</c>, perhaps <c>generation_config.json</c>, and the
/// graph in <c>model.onnx</c>, <c>onnx/model.onnx</c> or a file of another name.
/// </summary>
internal static class HuggingFaceLayout
{
    public const string ConfigName = "config.json";

    private const string GenerationConfigName = "generation_config.json";

    /// <exception cref="ModelLoadException">The configuration or the model file is missing or not usable.</exception>
    public static ModelFolder Read(string folder, ModelFileChoice file) => JsonFile.Read(Path.Combine(folder, ConfigName), config => Read(folder, file, config));

    private static ModelFolder Read(string folder, ModelFileChoice file, JsonPart config)
    {
        // Models that also see or hear keep the decoder's own values one level deeper.
        string at = config.At("text_config") is null ? "" : "text_config.";
        int attentionHeads = config.RequiredCountAt($"{at}num_attention_heads", $"{at}n_head", $"{at}n_heads");
        int hidden = config.CountAt($"{at}hidden_size") ?? config.CountAt($"{at}n_embd") ?? config.CountAt($"{at}d_model") ?? 0;
        IReadOnlyList<int> ends = [.. config.TokenIdsAt("eos_token_id"), .. config.TokenIdsAt("text_config.eos_token_id")];

        ends = [.. ends.Distinct()];
        ModelDefaults defaults = ModelDefaults.None;
        string generationPath = Path.Combine(folder, GenerationConfigName);
        if (PathFault.IsTaken(generationPath))
        {
            (ends, defaults) = JsonFile.Read(generationPath, generation =>
            {
                IReadOnlyList<int> all = [.. ends.Concat(generation.TokenIdsAt("eos_token_id")).Distinct()];
                return (all, GenerationDefaults.Read(generation, all, zeroIsOff: false));
            });
        }

        return new ModelFolder
        {
            Path = folder,
            Name = Path.GetFileName(folder),
            ModelFile = file.Find(configured: null, "model.onnx", Path.Combine("onnx", "model.onnx")),
            ContextLength = config.FirstCountAt(
                $"{at}max_position_embeddings", $"{at}n_positions", $"{at}n_ctx", $"{at}max_seq_len", $"{at}seq_length") ?? 0,
            ContextLengthKey = $"'{at}max_position_embeddings' in '{config.File}'",
            VocabularySize = config.CountAt($"{at}vocab_size") ?? config.CountAt("vocab_size") ?? 0,
            EndTokenIds = ends.Count > 0 ? ends : TokenizerEndToken.Read(folder),
            Defaults = defaults,
            LayerCount = config.RequiredCountAt($"{at}num_hidden_layers", $"{at}n_layer", $"{at}n_layers", $"{at}num_layers"),
            KvHeads = config.CountAt($"{at}num_key_value_heads") ?? attentionHeads,
            HeadSize = config.CountAt($"{at}head_dim") ?? (hidden / attentionHeads),
        };
    }
}
