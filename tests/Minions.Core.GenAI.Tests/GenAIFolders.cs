using System.Globalization;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.GenAI.Tests;

/// <summary>Real models of the repository, and synthetic decoders in GenAI's layout.</summary>
internal static class GenAIFolders
{
    public static string FamilyTarget { get; } = Path.Combine(RepositoryFiles.Family, "target");

    public static string Tales { get; } = Path.Combine(RepositoryFiles.Family, "draft-tales");

    public static string Docs { get; } = Path.Combine(RepositoryFiles.Family, "draft-docs");

    public static string Plays { get; } = Path.Combine(RepositoryFiles.Family, "draft-plays");

    public static string SmolLm2Target { get; } = Path.Combine(RepositoryFiles.SmolLm2, "target");

    public static string SmolLm2Code { get; } = Path.Combine(RepositoryFiles.SmolLm2, "draft-code");

    /// <summary>Writes a synthetic decoder.</summary>
    /// <param name="options">The decoder.</param>
    /// <param name="type">GenAI's name of the kind of model.</param>
    /// <param name="change">Changes the configuration's text.</param>
    /// <param name="model">The graph; null for that of the options.</param>
    public static TemporaryFolder Synthetic(SyntheticOptions options, string type = "llama", Func<string, string>? change = null, OnnxModel? model = null)
    {
        TemporaryFolder folder = SyntheticFolder.Create(options, model ?? SyntheticDecoder.Build(options));
        string window = options.Window == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $$"""
            "sliding_window":{"window_size":{{options.Window}},"slide_key_value_cache":false,"slide_inputs":false,"layers":[{{string.Join(',', Enumerable.Range(0, options.Layers).Where(layer => layer % 2 == 0))}}]},
            """);
        string shares = options.GroupQuery ? "true" : "false";
        string positions = options.GroupQuery && !options.ExplicitPositions ? "" : "\"position_ids\":\"position_ids\",";
        string text = string.Create(CultureInfo.InvariantCulture, $$"""
            {"model":{"type":"{{type}}","bos_token_id":0,"eos_token_id":0,"pad_token_id":0,"context_length":{{options.ContextLength}},"vocab_size":{{SyntheticOptions.Vocabulary}},
              "decoder":{"session_options":{"log_id":"test","provider_options":[]},"filename":"model.onnx","head_size":{{SyntheticOptions.HeadSize}},"hidden_size":{{SyntheticOptions.Hidden}},
               {{window}}
               "inputs":{"input_ids":"input_ids","attention_mask":"attention_mask",{{positions}}"past_key_names":"past_key_values.%d.key","past_value_names":"past_key_values.%d.value"},
               "outputs":{"logits":"logits","present_key_names":"present.%d.key","present_value_names":"present.%d.value"},
               "num_attention_heads":{{SyntheticOptions.Heads}},"num_hidden_layers":{{options.Layers}},"num_key_value_heads":{{SyntheticOptions.Heads}} } },
             "search":{"max_length":{{options.ContextLength}},"past_present_share_buffer":{{shares}} } }
            """);
        return folder.With("genai_config.json", change is null ? text : change(text));
    }
}
