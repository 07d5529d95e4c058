using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.Tests.OnnxRuntime.Folder;

public sealed class GenAiLayoutTests
{
    private const string Minimal = """{"model":{"context_length":64,"decoder":{"num_hidden_layers":2}}}""";

    [Test]
    public void Reads_the_embedded_target()
    {
        var folder = ModelFolder.Read(Path.Combine(RepositoryFiles.SmolLm2, "target") + Path.DirectorySeparatorChar);

        Assert.Multiple(() =>
        {
            Assert.That(folder.Name, Is.EqualTo("target"));
            Assert.That(folder.ModelFile, Is.EqualTo(Path.Combine(RepositoryFiles.SmolLm2, "target", "model.onnx")));
            Assert.That(folder.ContextLength, Is.EqualTo(8192));
            Assert.That(folder.VocabularySize, Is.EqualTo(49152));
            Assert.That(folder.EndTokenIds, Is.EqualTo(new[] { 2 }));
            Assert.That((folder.LayerCount, folder.KvHeads, folder.HeadSize), Is.EqualTo((30, 3, 64)));
            Assert.That(folder.Names, Is.EqualTo(new DecoderNames()));
            Assert.That(folder.SessionEntries, Is.Empty, "log_id is no session configuration entry");
            Assert.That(folder.ProviderOptions, Is.Empty);
            Assert.That(folder.IntraOpThreads, Is.Null);
        });
    }

    [Test]
    public void Reads_every_folder_of_the_repository()
    {
        string[] configs = Directory.GetFiles(RepositoryFiles.Models, GenAiLayout.ConfigName, SearchOption.AllDirectories);

        Assert.That(configs, Has.Length.EqualTo(6));
        Assert.That(configs.SelectMany(config => ModelFolder.FindFaults(Path.GetDirectoryName(config)!, modelFile: null, needsTokenizer: true)), Is.Empty);
    }

    [Test]
    public void Missing_values_take_the_defaults_of_GenAI()
    {
        using var folder = Folder(Minimal);

        var read = ModelFolder.Read(folder.Path);

        Assert.Multiple(() =>
        {
            Assert.That(read.Names.PastKey(11), Is.EqualTo("past_key_values.11.key"));
            Assert.That(read.Names.PresentValue(0), Is.EqualTo("present.0.value"));
            Assert.That(read.EndTokenIds, Is.Empty);
            Assert.That((read.VocabularySize, read.KvHeads, read.HeadSize), Is.EqualTo((0, 0, 0)));
        });
    }

    [Test]
    public void Several_end_tokens_and_own_names_are_kept()
    {
        using var folder = Folder("""
            {"model":{"context_length":64,"eos_token_id":[7,9,7],"bos_token_id":null,"decoder":{"filename":"decoder.onnx","num_hidden_layers":1,
             "inputs":{"input_ids":"ids","past_key_names":"k.%d"},"outputs":{"logits":"scores","present_value_names":"v_out.%d"}}}}
            """, "decoder.onnx");

        var read = ModelFolder.Read(folder.Path);

        Assert.Multiple(() =>
        {
            Assert.That(Path.GetFileName(read.ModelFile), Is.EqualTo("decoder.onnx"));
            Assert.That(read.EndTokenIds, Is.EqualTo(new[] { 7, 9 }));
            Assert.That(read.Names.InputIds, Is.EqualTo("ids"));
            Assert.That(read.Names.PastKey(3), Is.EqualTo("k.3"));
            Assert.That(read.Names.Logits, Is.EqualTo("scores"));
            Assert.That(read.Names.PresentValue(3), Is.EqualTo("v_out.3"));
        });
    }

    [TestCase("""{"window_size":128,"layers":[0,2]}""", 128)]
    [TestCase("""{"window_size":-1}""", null)]
    [TestCase("null", null)]
    public void The_sliding_window_is_read(string window, int? expected)
    {
        using var folder = Folder("""{"model":{"context_length":64,"decoder":{"num_hidden_layers":2,"sliding_window":WINDOW}}}""".Replace("WINDOW", window, StringComparison.Ordinal));

        Assert.That(ModelFolder.Read(folder.Path).WindowSize, Is.EqualTo(expected));
    }

    [Test]
    public void Session_options_are_sorted_into_threads_entries_and_providers()
    {
        using var folder = Folder("""
            {"model":{"context_length":64,"decoder":{"num_hidden_layers":1,"session_options":{
              "log_id":"x","log_severity_level":3,"intra_op_num_threads":4,"inter_op_num_threads":2,"graph_optimization_level":"ORT_ENABLE_BASIC",
              "session.x64quantprecision":"1","config_entries":{"session.own":true},
              "provider_options":[{"CUDAExecutionProvider":{"device_id":1,"enable_cuda_graph":"0","device_filtering_options":{"a":1}}},{"DML":{}}]}}}}
            """);

        var read = ModelFolder.Read(folder.Path);

        Assert.Multiple(() =>
        {
            Assert.That(read.IntraOpThreads, Is.EqualTo(4));
            Assert.That(read.GraphOptimization, Is.EqualTo("ORT_ENABLE_BASIC"));
            Assert.That(read.SessionEntries, Is.EquivalentTo(new Dictionary<string, string> { ["session.x64quantprecision"] = "1", ["session.own"] = "1" }));
            Assert.That(read.ProviderOptions.Keys, Is.EquivalentTo(new[] { "cuda", "dml" }));
            Assert.That(read.ProviderOptions["cuda"], Is.EquivalentTo(new Dictionary<string, string> { ["device_id"] = "1", ["enable_cuda_graph"] = "0" }));
        });
    }

    [TestCase("""{"model":{"context_length":0,"decoder":{"num_hidden_layers":2}}}""", "'model.context_length'", "at least 1 but is 0")]
    [TestCase("""{"model":{"context_length":-8,"decoder":{"num_hidden_layers":2}}}""", "'model.context_length'", "at least 1 but is -8")]
    [TestCase("""{"model":{"context_length":"many","decoder":{"num_hidden_layers":2}}}""", "'model.context_length'", "whole number but is \"many\"")]
    [TestCase("""{"model":{"context_length":1e99,"decoder":{"num_hidden_layers":2}}}""", "'model.context_length'", "whole number but is 1e99")]
    [TestCase("""{"model":{"context_length":8,"decoder":{}}}""", "'model.decoder.num_hidden_layers'", "is missing")]
    [TestCase("""{"model":{"context_length":8,"vocab_size":0,"decoder":{"num_hidden_layers":2}}}""", "'model.vocab_size'", "at least 1")]
    [TestCase("""{"model":{"context_length":8,"eos_token_id":"2","decoder":{"num_hidden_layers":2}}}""", "'model.eos_token_id'", "whole number")]
    [TestCase("""{"model":{"context_length":8,"decoder":{"num_hidden_layers":2,"session_options":{"intra_op_num_threads":-1}}}}""", "intra_op_num_threads'", "at least 0 but is -1")]
    [TestCase("""{"model":{"context_length":8,"decoder":{"num_hidden_layers":2,"pipeline":[{"a":{"filename":"a.onnx"}}]}}}""", "'model.decoder.pipeline'", "several models")]
    [TestCase("""{"model":{"context_length":8,"decoder":{"num_hidden_layers":2,"inputs":{"past_key_names":"past"}}}}""", "past_key_names'", "%d")]
    [TestCase("""{"model":{"context_length":8,"decoder":{"num_hidden_layers":2,"filename":3}}}""", "'model.decoder.filename'", "must be a string")]
    [TestCase("""{"model":{"context_length":8,"decoder":{"num_hidden_layers":2,"sliding_window":{"window_size":0}}}}""", "sliding_window.window_size'", "at least 1 but is 0")]
    [TestCase("""[1]""", "genai_config.json", "not a JSON object")]
    public void An_impossible_value_is_named_with_its_key(string config, string key, string what)
    {
        using var folder = Folder(config);

        var fault = Assert.Throws<ModelLoadException>(() => ModelFolder.Read(folder.Path))!;

        Assert.That(fault.Message, Does.Contain(key).And.Contain(what).And.Contain(GenAiLayout.ConfigName));
        Assert.That(fault.Path, Does.EndWith(GenAiLayout.ConfigName));
    }

    [Test]
    public void What_GenAI_takes_for_unsaid_is_unsaid()
    {
        using var folder = Folder("""
            {"model":{"eos_token_id":-1,"bos_token_id":null,"decoder":{"num_hidden_layers":2,"pipeline":[],"session_options":{"intra_op_num_threads":0}}}}
            """);

        var read = ModelFolder.Read(folder.Path);

        Assert.That((read.EndTokenIds.Count, read.IntraOpThreads, read.ContextLength), Is.EqualTo((0, (int?)null, 0)));
    }

    [TestCase("""{"eos_token":"</s>"}""", """{"model":{"vocab":{"</s>":9}}}""", 9)]
    [TestCase("""{"eos_token":{"content":"</s>"}}""", """{"model":{"vocab":{}},"added_tokens":[{"id":4,"content":"</s>"}]}""", 4)]
    [TestCase("""{"eos_token":"</s>","added_tokens_decoder":{"6":{"content":"</s>"}}}""", "{}", 6)]
    public void Without_an_end_token_that_of_the_tokenizer_is_taken(string config, string tokenizer, int expected)
    {
        using var folder = Folder(Minimal).With("tokenizer_config.json", config).With("tokenizer.json", tokenizer);

        Assert.That(ModelFolder.Read(folder.Path).EndTokenIds, Is.EqualTo(new[] { expected }));
    }

    [TestCase("""{"eos_token":null}""")]
    [TestCase("""{"eos_token":"</s>"}""")]
    public void An_end_token_that_the_tokenizer_does_not_hold_is_none(string config)
    {
        using var folder = Folder(Minimal).With("tokenizer_config.json", config).With("tokenizer.json", """{"model":{"vocab":{}}}""");

        Assert.That(ModelFolder.Read(folder.Path).EndTokenIds, Is.Empty);
    }

    [Test]
    public void Malformed_JSON_is_named_with_its_line()
    {
        using var folder = Folder("{\n\"model\": {\n oops");

        Assert.That(() => ModelFolder.Read(folder.Path), Throws.TypeOf<ModelLoadException>().With.Message.Contain("line 3").And.Message.Contain(GenAiLayout.ConfigName));
    }

    private static TemporaryFolder Folder(string config, string model = "model.onnx") =>
        new TemporaryFolder().With(GenAiLayout.ConfigName, config).With(model, "");
}
