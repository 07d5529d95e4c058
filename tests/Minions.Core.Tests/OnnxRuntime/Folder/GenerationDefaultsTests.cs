using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.Sampling;

namespace Minions.Core.Tests.OnnxRuntime.Folder;

public sealed class GenerationDefaultsTests
{
    [Test]
    public void What_a_file_recommends_is_taken_and_named()
    {
        ModelDefaults read = Read("""
            {"do_sample":true,"temperature":0.6,"top_k":20,"top_p":0.95,"min_p":0.05,"repetition_penalty":1.05,"eos_token_id":[2,5],
             "transformers_version":"4.51.0","pad_token_id":0,"num_beams":1}
            """);

        Assert.That(read.Sampling, Is.EqualTo(new SamplingOptions { Temperature = 0.6, TopK = 20, TopP = 0.95, MinP = 0.05, RepetitionPenalty = 1.05 }).UsingPropertiesComparer());
        Assert.That(read.Taken, Is.EqualTo(new[] { "do_sample true", "temperature 0.6", "top_k 20", "top_p 0.95", "min_p 0.05", "repetition_penalty 1.05", "eos_token_id 2, 5" }));
        Assert.That((read.Left, read.EndTokens), Is.EqualTo((Array.Empty<string>(), new[] { 2, 5 })));
        Assert.That(read.Source, Does.EndWith("generation_config.json"));
        Assert.That(read.ToOptions().Sampling, Is.EqualTo(read.Sampling));
    }

    [Test]
    public void A_folder_of_either_layout_can_be_read_for_a_target_of_ones_own()
    {
        using TemporaryFolder genAI = new TemporaryFolder().With("genai_config.json", """{"model":{"eos_token_id":[7]},"search":{"do_sample":true,"temperature":0.5,"top_k":9}}""");
        ModelDefaults read = ModelFolderFiles.ReadDefaults(genAI.Path);

        Assert.That((read.Sampling.Temperature, read.Sampling.TopK, read.EndTokens), Is.EqualTo((0.5, 9, new[] { 7 })));
        Assert.That(ModelFolderFiles.ReadDefaults(RepositoryFiles.PathOf("tests", "models", "family", "target")).Sampling.Temperature, Is.Zero);
        Assert.That(() => ModelFolderFiles.ReadDefaults("no-such-folder"), Throws.InstanceOf<ModelLoadException>());
    }

    [Test]
    public void Without_do_sample_a_model_is_greedy_and_its_penalties_apply()
    {
        ModelDefaults read = Read("""{"temperature":0.6,"repetition_penalty":1.1}""");

        Assert.That((read.Sampling.Temperature, read.Sampling.RepetitionPenalty), Is.EqualTo((0, 1.1)));
        Assert.That(read.Left, Has.One.Items.And.All.Contains("temperature 0.6").And.All.Contains("do_sample"));
    }

    [Test]
    public void A_temperature_and_a_top_k_that_are_absent_are_those_of_the_references()
    {
        ModelDefaults read = Read("""{"do_sample":true}""");

        Assert.That((read.Sampling.Temperature, read.Sampling.TopK), Is.EqualTo((1, 50)));
        Assert.That(read.Taken, Has.Some.StartsWith("top_k 50"));
    }

    [TestCase("\"temperature\":-1", "temperature -1", "at least 0")]
    [TestCase("\"temperature\":\"hot\"", "temperature \"hot\"", "number")]
    [TestCase("\"top_k\":1.5", "top_k 1.5", "whole number")]
    [TestCase("\"top_p\":2", "top_p 2", "[0, 1]")]
    [TestCase("\"min_p\":1", "min_p 1", "[0, 1)")]
    [TestCase("\"repetition_penalty\":0", "repetition_penalty 0", "above 0")]
    [TestCase("\"num_beams\":4", "num_beams 4", "beam search is not supported")]
    [TestCase("\"no_repeat_ngram_size\":3", "no_repeat_ngram_size 3", "not supported")]
    [TestCase("\"max_new_tokens\":2048", "max_new_tokens 2048", "MaxOutputTokens")]
    public void What_cannot_be_taken_is_left_with_the_reason(string member, string name, string reason)
    {
        ModelDefaults read = Read($$"""{"do_sample":true,{{member}}}""");

        Assert.That(read.Left, Has.One.Items.And.All.StartsWith(name).And.All.Contains(reason));
        Assert.That(() => read.Sampling.Validate(), Throws.Nothing);
    }

    [Test]
    public void The_search_of_a_GenAI_configuration_is_read_with_its_own_signs_for_off()
    {
        using var folder = new TemporaryFolder().With("model.onnx", "").With(GenAiLayout.ConfigName, """
            {"model":{"context_length":8,"eos_token_id":7,"decoder":{"num_hidden_layers":1}},
             "search":{"do_sample":true,"temperature":0.7,"top_k":0,"top_p":0.0,"random_seed":-1,"num_beams":1,"max_length":8,"past_present_share_buffer":true,"early_stopping":true}}
            """);

        ModelDefaults read = ModelFolder.Read(folder.Path).Defaults;
        Assert.That(read.Sampling, Is.EqualTo(new SamplingOptions { Temperature = 0.7 }).UsingPropertiesComparer());
        Assert.That((read.EndTokens, read.Left.Count), Is.EqualTo((new[] { 7 }, 1)));
    }

    private static ModelDefaults Read(string content)
    {
        using var folder = new TemporaryFolder().With("model.onnx", "").With("generation_config.json", content)
            .With(HuggingFaceLayout.ConfigName, """{"n_positions":1024,"n_layer":12,"n_head":12,"n_embd":768}""");
        return ModelFolder.Read(folder.Path).Defaults;
    }
}
