using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Files;
using Minions.Core.Json;
using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>
/// Reads what a folder says of the head in it: <c>head_config.json</c>, or the <c>model.mtp</c> section of a target's <c>genai_config.json</c>, or nothing
/// but the graph, whose names then have to be the usual ones.
/// </summary>
internal static class HeadConfiguration
{
    public const string FileName = "head_config.json";

    /// <summary>What exporters call a head that lies in its target's folder.</summary>
    public const string UsualMtpFile = "mtp.onnx";

    private const string MtpKey = "model.mtp";

    // What checkpoints of EAGLE-3 call the layers whose residual stream is read.
    private const string LayersKey = "eagle_aux_hidden_state_layer_ids";

    private static readonly string[] UsualFiles = ["model.onnx", "eagle3.onnx", UsualMtpFile];

    /// <summary>Whether a target's folder names a head of its own.</summary>
    /// <param name="folder">The target's folder.</param>
    public static bool NamesHead(string folder) =>
        File.Exists(Path.Combine(folder, GenAiLayout.ConfigName)) && JsonFile.Read(Path.Combine(folder, GenAiLayout.ConfigName), config => config.At(MtpKey) is not null);

    /// <summary>Reads a head's folder.</summary>
    /// <param name="options">The folder and what code adds to it.</param>
    /// <param name="logger">Hears of a choice that the folder left open; <see langword="null"/> for none.</param>
    /// <exception cref="ModelLoadException">The folder does not hold a head, or what it says is not usable.</exception>
    public static HeadLayout Read(HeadRequest options, ILogger? logger = null)
    {
        string folder = options.Folder;
        if (!Directory.Exists(folder))
            throw new ModelLoadException($"The head's folder '{folder}' does not exist: correct the path, or put the head there.", folder);

        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var file = new ModelFileChoice(folder, options.ModelFile, logger ?? NullLogger.Instance);
        string config = Path.Combine(folder, FileName);
        if (PathFault.IsTaken(config))
            return JsonFile.Read(config, root => Read(options, folder, file, new Source(root, root, IsOwnFile: true)));

        string genAi = Path.Combine(folder, GenAiLayout.ConfigName);
        if (PathFault.IsTaken(genAi))
        {
            return JsonFile.Read(genAi, root => root.At(MtpKey) is { } section
                ? Read(options, folder, file, new Source(root, section, IsMtp: true))
                : throw new ModelLoadException($"'{genAi}' has no '{MtpKey}' section, and there is no '{FileName}': the folder does not say how to run a head. Name another folder, or write one of them.", genAi));
        }

        string huggingFace = Path.Combine(folder, HuggingFaceLayout.ConfigName);
        return PathFault.IsTaken(huggingFace)
            ? JsonFile.Read(huggingFace, root => Read(options, folder, file, new Source(root, root)))
            : Read(options, folder, file, default);
    }

    private static HeadLayout Read(HeadRequest options, string folder, ModelFileChoice choice, Source source)
    {
        string modelFile = choice.Find(source.IsCheckpoint ? null : source.Text("filename"), source.IsMtp ? [UsualMtpFile] : UsualFiles);
        HeadGraph graph = HeadGraph.Read(modelFile);

        string? ids = graph.Input(source.Text("inputs.input_ids"), "input_ids");
        string? embedding = ids is null ? graph.RequiredInput(source.Text("inputs.inputs_embeds"), "inputs_embeds") : null;
        string states = graph.RequiredInput(source.Text("inputs.fused_hidden") ?? source.Text("inputs.hidden_states"), "fused_hidden", "hidden_states");
        string? recycled = graph.Input(source.Text("inputs.recycled_hidden"), "recycled_hidden");
        string hidden = graph.RequiredOutput(source.Text("outputs.next_hidden") ?? source.Text("outputs.mtp_hidden") ?? source.Text("outputs.hidden_states"), "next_hidden", "mtp_hidden", "hidden_states");
        string? logits = graph.Output(source.Text("outputs.logits") ?? source.Text("outputs.draft_logits"), "logits", "draft_logits");

        var usual = new DecoderNames();
        var names = new DecoderNames
        {
            InputIds = ids ?? usual.InputIds,
            ReadsIds = ids is not null,
            AttentionMask = source.Text("inputs.attention_mask") ?? usual.AttentionMask,
            PositionIds = source.Text("inputs.position_ids") ?? usual.PositionIds,
            PastKeyFormat = source.Text("inputs.past_key_names") ?? usual.PastKeyFormat,
            PastValueFormat = source.Text("inputs.past_value_names") ?? usual.PastValueFormat,
            PresentKeyFormat = source.Text("outputs.present_key_names") ?? usual.PresentKeyFormat,
            PresentValueFormat = source.Text("outputs.present_value_names") ?? usual.PresentValueFormat,
            Logits = logits ?? hidden,
            RowInputs = [.. new[] { embedding, states, recycled }.OfType<string>()],
            RowOutputs = logits is null ? [] : [hidden],
        };
        int layers = graph.Layers(names.PastKey);
        int told = source.IsCheckpoint ? layers : source.Count("num_hidden_layers") ?? layers;
        if (layers == 0 || told != layers)
        {
            throw new ModelLoadException(
                $"The head '{modelFile}' has caches of {layers} layers by the name '{names.PastKeyFormat}', where {Math.Max(1, told)} are expected: correct the names or the number of layers, "
                + "and export it with its KV cache.",
                modelFile);
        }

        graph.RefuseOtherInputs([ids, embedding, states, recycled, names.AttentionMask, names.PositionIds, .. Enumerable.Range(0, layers).SelectMany(layer => new[] { names.PastKey(layer), names.PastValue(layer) })]);
        int vocabulary = source.TargetVocabulary ?? 0;
        return new HeadLayout
        {
            Folder = new ModelFolder
            {
                Path = folder,
                Name = Path.GetFileName(folder),
                ModelFile = modelFile,
                ContextLength = source.ContextLength ?? 0,
                ContextLengthKey = source.IsMtp ? $"'model.context_length' in '{Path.Combine(folder, GenAiLayout.ConfigName)}'" : $"'context_length' in '{Path.Combine(folder, FileName)}'",
                LayerCount = layers,
                VocabularySize = (source.IsCheckpoint ? null : source.Count("vocab_size")) ?? vocabulary,
                KvHeads = source.Count("num_key_value_heads") ?? source.OfDecoder("num_key_value_heads") ?? 0,
                HeadSize = source.Count("head_size") ?? source.Count("head_dim") ?? source.OfDecoder("head_size") ?? 0,
                TokenOfColumn = DraftTokenTable.Find(folder, options.DraftTokens ?? source.Text("draft_to_target")),
                Names = names,
            },
            States = options.States.Count > 0 ? [.. options.States] : StatesOf(source, modelFile),
            EmbeddingInput = embedding,
            StatesInput = states,
            RecycledInput = recycled,
            HiddenOutput = hidden,
            BorrowsHeadMatrix = logits is null,
            TargetFolder = options.Target ?? (source.IsMtp ? folder : null),
            TargetVocabulary = vocabulary,
            TargetWidth = source.TargetWidth ?? 0,
        };
    }

    private static string[] StatesOf(Source source, string modelFile)
    {
        if (source.Root?.At("target.states") is { } named && source.IsOwnFile)
            return [.. named.Items().Select(state => state.Text())];
        if (source.IsMtp)
            return [source.Text("main_hidden_states") ?? source.Root?.TextAt("model.decoder.outputs.hidden_states") ?? "final"];
        if ((source.Root?.At(LayersKey) ?? source.Root?.At($"eagle_config.{LayersKey}")) is { } layers)
            return [.. layers.Items().Select(layer => $"layer:{layer.Integer()}")];
        throw new ModelLoadException(
            $"Nothing says which states of the target the head '{modelFile}' reads: name them by 'target.states' in '{FileName}', or by the option {nameof(HeadRequest.States)}, "
            + "such as [\"layer:2\", \"layer:16\", \"layer:29\"] or [\"final\"].",
            modelFile);
    }

    /// <summary>The file that tells of the head, and where in it.</summary>
    private readonly record struct Source(JsonPart? Root, JsonPart? Values, bool IsOwnFile = false, bool IsMtp = false)
    {
        /// <summary>Whether it is a checkpoint's configuration, much of which is about something else.</summary>
        public bool IsCheckpoint => !IsOwnFile && !IsMtp;

        public int? ContextLength => IsMtp ? Root?.CountAt("model.context_length") : Values?.FirstCountAt("context_length", "max_position_embeddings");

        public int? TargetVocabulary => IsMtp ? Root?.CountAt("model.vocab_size") : IsOwnFile ? Root?.CountAt("target.vocab_size") : null;

        public int? TargetWidth => IsOwnFile ? Root?.CountAt("target.hidden_size") : null;

        /// <summary>What is said of the target's decoder, whose layers those of multi-token prediction resemble.</summary>
        public int? OfDecoder(string key) => IsMtp ? Root?.CountAt($"model.decoder.{key}") : null;

        public string? Text(string key) => Values?.TextAt(key);

        public int? Count(string key) => Values?.CountAt(key);
    }
}
