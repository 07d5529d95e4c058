using System.Text.Json;

namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>The folder layout of ONNX Runtime GenAI: <c>genai_config.json</c> describes decoder, session and providers.</summary>
internal static class GenAiLayout
{
    public const string ConfigName = "genai_config.json";

    private const string SessionKey = "model.decoder.session_options";

    // Strings of session_options that are not session configuration entries. An operator library would be native code of the folder's
    // own choosing: never loaded, so a graph that needs it fails by the operator's name.
    private static readonly string[] OtherTexts = ["log_id", "enable_profiling", "custom_ops_library", "graph_optimization_level"];

    public static ModelFolder Read(string folder)
    {
        using var config = ConfigFile.Open(Path.Combine(folder, ConfigName));
        return new ModelFolder
        {
            Path = folder,
            Name = Path.GetFileName(folder),
            ModelFile = Path.Combine(folder, config.Text("model.decoder.filename") ?? "model.onnx"),
            ContextLength = config.RequiredCount("model.context_length"),
            VocabularySize = config.Count("model.vocab_size") ?? 0,
            EndTokenIds = [.. config.TokenIds("model.eos_token_id").Distinct()],
            LayerCount = config.RequiredCount("model.decoder.num_hidden_layers"),
            KvHeads = config.Count("model.decoder.num_key_value_heads") ?? 0,
            HeadSize = config.Count("model.decoder.head_size") ?? 0,
            Names = ReadNames(config),
            SessionEntries = ReadSessionEntries(config),
            IntraOpThreads = config.Count($"{SessionKey}.intra_op_num_threads"),
            GraphOptimization = config.Text($"{SessionKey}.graph_optimization_level"),
            ProviderOptions = ReadProviderOptions(config),
        };
    }

    private static DecoderNames ReadNames(ConfigFile config)
    {
        var usual = new DecoderNames();
        return new DecoderNames
        {
            InputIds = config.Text("model.decoder.inputs.input_ids") ?? usual.InputIds,
            AttentionMask = config.Text("model.decoder.inputs.attention_mask") ?? usual.AttentionMask,
            PositionIds = config.Text("model.decoder.inputs.position_ids") ?? usual.PositionIds,
            PastKeyFormat = Format("model.decoder.inputs.past_key_names", usual.PastKeyFormat),
            PastValueFormat = Format("model.decoder.inputs.past_value_names", usual.PastValueFormat),
            Logits = config.Text("model.decoder.outputs.logits") ?? usual.Logits,
            PresentKeyFormat = Format("model.decoder.outputs.present_key_names", usual.PresentKeyFormat),
            PresentValueFormat = Format("model.decoder.outputs.present_value_names", usual.PresentValueFormat),
        };

        string Format(string key, string otherwise)
        {
            string format = config.Text(key) ?? otherwise;
            return format.Contains("%d", StringComparison.Ordinal) ? format : throw config.Fault(key, $"must hold %d for the layer but is '{format}'");
        }
    }

    private static Dictionary<string, string> ReadSessionEntries(ConfigFile config)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        if (config.Find(SessionKey) is not { ValueKind: JsonValueKind.Object } options)
            return entries;

        foreach (JsonProperty option in options.EnumerateObject())
        {
            if (option.Value.ValueKind == JsonValueKind.String && !OtherTexts.Contains(option.Name))
                entries[option.Name] = option.Value.GetString()!;
        }

        // The form some tools write, although GenAI itself reads the entries directly from session_options.
        if (config.Find($"{SessionKey}.config_entries") is { ValueKind: JsonValueKind.Object } nested)
        {
            foreach (JsonProperty entry in nested.EnumerateObject())
                entries[entry.Name] = AsText(entry.Value);
        }

        return entries;
    }

    private static Dictionary<string, IReadOnlyDictionary<string, string>> ReadProviderOptions(ConfigFile config)
    {
        var providers = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        if (config.Find($"{SessionKey}.provider_options") is not { ValueKind: JsonValueKind.Array } list)
            return providers;

        foreach (JsonProperty provider in list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).SelectMany(item => item.EnumerateObject()))
        {
            if (provider.Value.ValueKind != JsonValueKind.Object)
                continue;

            // Objects inside choose devices for GenAI; ONNX Runtime takes strings only.
            providers[CanonicalName(provider.Name)] = provider.Value.EnumerateObject()
                .Where(option => option.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
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

    private static string AsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        _ => value.GetRawText(),
    };
}
