using System.Globalization;
using Google.Protobuf;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Synthetic;

/// <summary>Writes a synthetic decoder as a Hugging Face export folder.</summary>
internal static class SyntheticFolder
{
    /// <summary>The id that ends a text.</summary>
    public const int EndTokenId = 0;

    public static TemporaryFolder Create(SyntheticOptions options) => Create(options, SyntheticDecoder.Build(options));

    public static TemporaryFolder Create(SyntheticOptions options, OnnxModel model)
    {
        var folder = new TemporaryFolder();
        Write(folder.Path, options, model);
        return folder;
    }

    public static void Write(string folder, SyntheticOptions options, OnnxModel model)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model.ToByteArray());
        File.WriteAllText(Path.Combine(folder, "config.json"), string.Create(CultureInfo.InvariantCulture, $$"""
            {"model_type":"synthetic","max_position_embeddings":{{options.ContextLength}},"num_hidden_layers":{{options.Layers}},
             "num_attention_heads":{{SyntheticOptions.Heads}},"hidden_size":{{SyntheticOptions.Hidden}},"vocab_size":{{SyntheticOptions.Vocabulary}},
             "bos_token_id":null,"eos_token_id":{{EndTokenId}}}
            """));
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), $$"""{"eos_token_id":[{{EndTokenId}}],"do_sample":false}""");
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Tokenizer());
    }

    // Byte-level BPE: the end token, a to z, space, full stop and three merges make 32.
    private static string Tokenizer()
    {
        string[] tokens = ["<|end|>", .. Enumerable.Range('a', 26).Select(letter => ((char)letter).ToString()), "Ġ", ".", "th", "in", "Ġth"];
        string vocabulary = string.Join(',', tokens.Select((token, id) => $"\"{token}\":{id.ToString(CultureInfo.InvariantCulture)}"));
        return $$"""
            {"version":"1.0","truncation":null,"padding":null,
             "added_tokens":[{"id":0,"content":"<|end|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
             "normalizer":null,
             "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
             "post_processor":null,
             "decoder":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
             "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,
              "byte_fallback":false,"ignore_merges":false,"vocab":{ {{vocabulary}} },"merges":["t h","i n","Ġ th"]}
            }
            """;
    }
}
