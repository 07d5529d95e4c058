using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.Tests.OnnxRuntime.Folder;

public sealed class HuggingFaceLayoutTests
{
    [Test]
    public void Reads_a_Llama_export_with_its_generation_config()
    {
        using var folder = Folder("""
            {"max_position_embeddings":128,"num_hidden_layers":3,"num_attention_heads":8,"num_key_value_heads":2,"hidden_size":64,
             "vocab_size":100,"bos_token_id":1,"eos_token_id":2}
            """).With("generation_config.json", """{"eos_token_id":[2,5],"bos_token_id":1}""");

        var read = ModelFolder.Read(folder.Path);

        Assert.Multiple(() =>
        {
            Assert.That(read.ContextLength, Is.EqualTo(128));
            Assert.That((read.LayerCount, read.KvHeads, read.HeadSize), Is.EqualTo((3, 2, 8)));
            Assert.That(read.VocabularySize, Is.EqualTo(100));
            Assert.That(read.EndTokenIds, Is.EqualTo(new[] { 2, 5 }));
            Assert.That(read.Names, Is.EqualTo(new DecoderNames()));
            Assert.That(Path.GetFileName(read.ModelFile), Is.EqualTo("model.onnx"));
        });
    }

    [Test]
    public void Reads_the_keys_of_GPT2()
    {
        using var folder = Folder("""{"n_positions":1024,"n_ctx":512,"n_layer":12,"n_head":12,"n_embd":768,"eos_token_id":50256}""");

        var read = ModelFolder.Read(folder.Path);

        Assert.That((read.ContextLength, read.LayerCount, read.KvHeads, read.HeadSize), Is.EqualTo((1024, 12, 12, 64)));
    }

    [Test]
    public void Reads_the_text_part_of_a_model_that_also_sees()
    {
        using var folder = Folder("""
            {"eos_token_id":[1,106],"text_config":{"max_position_embeddings":4096,"num_hidden_layers":4,"num_attention_heads":4,
             "num_key_value_heads":1,"head_dim":256,"hidden_size":640,"vocab_size":262144,"bos_token_id":2}}
            """);

        var read = ModelFolder.Read(folder.Path);

        Assert.Multiple(() =>
        {
            Assert.That((read.ContextLength, read.LayerCount, read.KvHeads, read.HeadSize), Is.EqualTo((4096, 4, 1, 256)));
            Assert.That(read.EndTokenIds, Is.EqualTo(new[] { 1, 106 }));
        });
    }

    [Test]
    public void Finds_the_graph_in_the_folder_onnx()
    {
        using var folder = Folder(Gpt2, Path.Combine("onnx", "model.onnx"));

        Assert.That(ModelFolder.Read(folder.Path).ModelFile, Is.EqualTo(Path.Combine(folder.Path, "onnx", "model.onnx")));
    }

    [Test]
    public void The_GenAI_configuration_wins_where_both_are_there()
    {
        using var folder = Folder(Gpt2).With(GenAiLayout.ConfigName, """{"model":{"context_length":64,"decoder":{"num_hidden_layers":2}}}""");

        Assert.That(ModelFolder.Read(folder.Path).ContextLength, Is.EqualTo(64));
    }

    [TestCase("""{"max_position_embeddings":0,"num_hidden_layers":3,"num_attention_heads":8}""", "'max_position_embeddings'")]
    [TestCase("""{"max_position_embeddings":8,"num_attention_heads":8}""", "'num_hidden_layers'")]
    [TestCase("""{"max_position_embeddings":8,"num_hidden_layers":3}""", "'num_attention_heads'")]
    [TestCase("""{"text_config":{"max_position_embeddings":8,"num_attention_heads":8}}""", "'text_config.num_hidden_layers'")]
    public void A_missing_value_is_named_with_its_key(string config, string key)
    {
        using var folder = Folder(config);

        Assert.That(() => ModelFolder.Read(folder.Path), Throws.TypeOf<ModelLoadException>().With.Message.Contain(key).And.Message.Contain("'" + Path.Combine(folder.Path, "config.json")));
    }

    [Test]
    public void Malformed_generation_config_is_named()
    {
        using var folder = Folder(Gpt2).With("generation_config.json", "{");

        Assert.That(() => ModelFolder.Read(folder.Path), Throws.TypeOf<ModelLoadException>().With.Message.Contain("generation_config.json"));
    }

    private const string Gpt2 = """{"n_positions":1024,"n_layer":12,"n_head":12,"n_embd":768}""";

    private static TemporaryFolder Folder(string config, string model = "model.onnx") =>
        new TemporaryFolder().With(HuggingFaceLayout.ConfigName, config).With(model, "");
}
