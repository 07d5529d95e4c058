using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.Tests.OnnxRuntime.Folder;

public sealed class ModelFileChoiceTests
{
    [TestCase("model_int8.onnx")]
    [TestCase("onnx/model_q4.onnx")]
    [TestCase("onnx/decoder_model_merged.onnx")]
    [TestCase("cpu/int4/weights.onnx")]
    public void The_only_file_there_is_is_taken(string file)
    {
        using var folder = Export(file);

        Assert.That(ModelFolder.Read(folder.Path).ModelFile, Is.EqualTo(Path.Combine(folder.Path, file)));
    }

    [Test]
    public void Of_several_the_usual_name_is_taken_else_none_and_all_are_listed()
    {
        using var folder = Export("onnx/model_q4.onnx", "model_fp16.onnx");
        Assert.That(
            () => ModelFolder.Read(folder.Path),
            Throws.TypeOf<ModelLoadException>().With.Message.Contains("'onnx/model_q4.onnx'").And.Message.Contains("'model_fp16.onnx'").And.Message.Contains("option ModelFile"));
        Assert.That(ModelFolder.FindFaults(folder.Path, modelFile: null, needsTokenizer: false), Has.One.Items.And.All.Contains("ModelFile"));

        folder.With("onnx/model.onnx", "");
        Assert.That(ModelFolder.Read(folder.Path).ModelFile, Is.EqualTo(Path.Combine(folder.Path, "onnx/model.onnx")));
    }

    [Test]
    public void The_option_wins_over_the_usual_name_and_the_configuration()
    {
        using var folder = Export("model.onnx", "onnx/model_q4.onnx").With(GenAiLayout.ConfigName, """{"model":{"context_length":8,"decoder":{"filename":"model.onnx","num_hidden_layers":1}}}""");

        Assert.That(ModelFolder.Read(folder.Path, "onnx/model_q4.onnx").ModelFile, Is.EqualTo(Path.Combine(folder.Path, "onnx/model_q4.onnx")));
    }

    [Test]
    public void A_named_file_that_is_missing_is_told_with_those_that_are_there()
    {
        using var folder = Export("model_fp16.onnx");

        var fault = Assert.Throws<ModelLoadException>(() => ModelFolder.Read(folder.Path, "model_q4.onnx"))!;
        Assert.That(fault.Message, Does.Contain("named by the option ModelFile").And.Contain("model_q4.onnx' does not exist").And.Contain("'model_fp16.onnx'"));
        Assert.That(fault.Path, Is.EqualTo(Path.Combine(folder.Path, "model_q4.onnx")));
    }

    [Test]
    public void A_pointer_of_Git_LFS_is_told_as_one()
    {
        using var folder = Export("model.onnx").With("model.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");

        Assert.That(() => ModelFolder.Read(folder.Path), Throws.TypeOf<ModelLoadException>().With.Message.Contains("Git LFS").And.Message.Contains("git lfs pull"));
    }

    [Test]
    public void A_link_to_nothing_is_told_whichever_file_it_is([Values("model.onnx", "config.json")] string file)
    {
        using var folder = Export("model.onnx");
        string link = Path.Combine(folder.Path, file);
        File.Delete(link);
        File.CreateSymbolicLink(link, "gone");

        Assert.That(() => ModelFolder.Read(folder.Path), Throws.TypeOf<ModelLoadException>().With.Message.Contains($"'{link}' is a link to"));
    }

    private static TemporaryFolder Export(params string[] files)
    {
        var folder = new TemporaryFolder().With(HuggingFaceLayout.ConfigName, """{"n_positions":1024,"n_layer":12,"n_head":12,"n_embd":768}""");
        foreach (string file in files)
            folder.With(file, "");
        return folder;
    }
}
