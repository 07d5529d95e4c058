using System.Text.Json;
using Minions.Core.Generation;
using Minions.Core.Json;

namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>The folder layout of ONNX Runtime GenAI: <c>genai_config.json</c> describes decoder, session and providers.</summary>
internal static class GenAiLayout
{
    public const string ConfigName = "genai_config.json";

    private const string SessionKey = "model.decoder.session_options";

    // -1 for no window.
    private const string WindowKey = "model.decoder.sliding_window.window_size";

    // Strings of session_options that are not session configuration entries. An operator library would be native code of the folder's
    // own choosing: never loaded, so a graph that needs it fails by the operator's name.
    private static readonly string[] OtherTexts = ["log_id", "enable_profiling", "custom_ops_library", "graph_optimization_level"];

    /// <exception cref="ModelLoadException">The configuration or the model file is missing or not usable.</exception>
    public static ModelFolder Read(string folder, ModelFileChoice file) => JsonFile.Read(Path.Combine(folder, ConfigName), config => Read(folder, file, config));

    private static ModelFolder Read(string folder, ModelFileChoice file, JsonPart config)
    {
        if (config.At("model.decoder.pipeline") is { Kind: JsonValueKind.Array } pipeline && pipeline.Items().Any())
            throw config.FaultAt("model.decoder.pipeline", "splits the decoder over several models, which is not supported: take an export of it as one ONNX file");

        IReadOnlyList<int> ends = ReadEnds(folder, config);
        return new ModelFolder
        {
            Path = folder,
            Name = Path.GetFileName(folder),
            ModelFile = file.Find(config.TextAt("model.decoder.filename"), "model.onnx", Path.Combine("onnx", "model.onnx")),
            ContextLength = config.CountAt("model.context_length") ?? 0,
            ContextLengthKey = $"'model.context_length' in '{config.File}'",
            VocabularySize = config.CountAt("model.vocab_size") ?? 0,
            EndTokenIds = ends,
            Defaults = ReadDefaults(config, ends),
            LayerCount = config.RequiredCountAt("model.decoder.num_hidden_layers"),
            KvHeads = config.CountAt("model.decoder.num_key_value_heads") ?? 0,
            HeadSize = config.CountAt("model.decoder.head_size") ?? 0,
            WindowSize = config.At(WindowKey) is { RawText: "-1" } ? null : config.CountAt(WindowKey),
            Names = ReadNames(config),
            SessionEntries = ReadSessionEntries(config),
            IntraOpThreads = config.ThreadsAt($"{SessionKey}.intra_op_num_threads"),
            GraphOptimization = config.TextAt($"{SessionKey}.graph_optimization_level"),
            ProviderOptions = ReadProviderOptions(config),
        };
    }

    /// <summary>What a folder of this layout recommends, whatever the decoder is; null where the folder has another layout.</summary>
    public static ModelDefaults? ReadDefaults(string folder)
    {
        string file = Path.Combine(folder, ConfigName);
        return File.Exists(file) ? JsonFile.Read(file, config => ReadDefaults(config, ReadEnds(folder, config))) : null;
    }

    /// <summary>The ids that end a text, whatever the decoder is; null where the folder has another layout.</summary>
    public static IReadOnlyList<int>? ReadEndTokens(string folder)
    {
        string file = Path.Combine(folder, ConfigName);
        return File.Exists(file) ? JsonFile.Read(file, config => ReadEnds(folder, config)) : null;
    }

    private static ModelDefaults ReadDefaults(JsonPart config, IReadOnlyList<int> ends) =>
        config.At("search") is { IsObject: true } search ? GenerationDefaults.Read(search, ends, zeroIsOff: true) : ModelDefaults.None;

    private static IReadOnlyList<int> ReadEnds(string folder, JsonPart config)
    {
        IReadOnlyList<int> ends = [.. config.TokenIdsAt("model.eos_token_id").Distinct()];
        return ends.Count > 0 ? ends : TokenizerEndToken.Read(folder);
    }

    private static DecoderNames ReadNames(JsonPart config)
    {
        var usual = new DecoderNames();
        return new DecoderNames
        {
            InputIds = config.TextAt("model.decoder.inputs.input_ids") ?? usual.InputIds,
            AttentionMask = config.TextAt("model.decoder.inputs.attention_mask") ?? usual.AttentionMask,
            PositionIds = config.TextAt("model.decoder.inputs.position_ids") ?? usual.PositionIds,
            PastKeyFormat = Format("model.decoder.inputs.past_key_names", usual.PastKeyFormat),
            PastValueFormat = Format("model.decoder.inputs.past_value_names", usual.PastValueFormat),
            Logits = config.TextAt("model.decoder.outputs.logits") ?? usual.Logits,
            PresentKeyFormat = Format("model.decoder.outputs.present_key_names", usual.PresentKeyFormat),
            PresentValueFormat = Format("model.decoder.outputs.present_value_names", usual.PresentValueFormat),
        };

        string Format(string key, string otherwise)
        {
            string format = config.TextAt(key) ?? otherwise;
            return format.Contains("%d", StringComparison.Ordinal) ? format : throw config.FaultAt(key, $"must hold %d for the layer but is '{format}'");
        }
    }

    private static Dictionary<string, string> ReadSessionEntries(JsonPart config)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        if (config.At(SessionKey) is not { IsObject: true } options)
            return entries;

        foreach ((string name, JsonPart option) in options.Members())
        {
            if (option.IsString && !OtherTexts.Contains(name))
                entries[name] = option.Text();
        }

        // The form some tools write, although GenAI itself reads the entries directly from session_options.
        if (options.Optional("config_entries") is { IsObject: true } nested)
        {
            foreach ((string name, JsonPart entry) in nested.Members())
                entries[name] = AsText(entry);
        }

        return entries;
    }

    private static Dictionary<string, IReadOnlyDictionary<string, string>> ReadProviderOptions(JsonPart config)
    {
        var providers = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        if (config.At($"{SessionKey}.provider_options") is not { Kind: JsonValueKind.Array } list)
            return providers;

        foreach ((string name, JsonPart provider) in list.Items().Where(item => item.IsObject).SelectMany(item => item.Members()))
        {
            if (!provider.IsObject)
                continue;

            // Objects inside choose devices for GenAI; ONNX Runtime takes strings only.
            providers[CanonicalName(name)] = provider.Members()
                .Where(option => option.Value.Kind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
                .GroupBy(option => option.Name, StringComparer.Ordinal)
                .ToDictionary(option => option.Key, option => AsText(option.Last().Value), StringComparer.Ordinal);
        }

        return providers;
    }

    private static string CanonicalName(string provider)
    {
        const string Suffix = "executionprovider";
        string lower = provider.ToLowerInvariant();
        return lower.Length > Suffix.Length && lower.EndsWith(Suffix, StringComparison.Ordinal) ? lower[..^Suffix.Length] : lower;
    }

    private static string AsText(JsonPart value) => value.Kind switch
    {
        JsonValueKind.String => value.Text(),
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        _ => value.RawText,
    };
}
