using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.Tests.OnnxRuntime.Folder;

public sealed class ModelFolderTests
{
    private const string Config = """{"model":{"context_length":64,"decoder":{"num_hidden_layers":2}}}""";

    [Test]
    public void A_missing_folder_is_named()
    {
        var fault = Assert.Throws<ModelLoadException>(() => ModelFolder.Read("no-such-folder"))!;

        Assert.That(fault.Message, Does.Contain("'no-such-folder' does not exist"));
        Assert.That(ModelFolder.FindFaults("no-such-folder", modelFile: null, needsTokenizer: true), Is.EqualTo(new[] { fault.Message }));
    }

    [Test]
    public void A_folder_without_configuration_names_both_files()
    {
        using var folder = new TemporaryFolder();

        Assert.That(
            () => ModelFolder.Read(folder.Path),
            Throws.TypeOf<ModelLoadException>().With.Message.Contain("genai_config.json").And.Message.Contain("'config.json'").And.Message.Contain(folder.Path));
    }

    [Test]
    public void A_missing_model_file_is_named()
    {
        using var folder = new TemporaryFolder().With(GenAiLayout.ConfigName, Config);

        var fault = Assert.Throws<ModelLoadException>(() => ModelFolder.Read(folder.Path))!;

        Assert.That(fault.Path, Is.EqualTo(Path.Combine(folder.Path, "model.onnx")));
        Assert.That(fault.Message, Does.Contain(folder.Path).And.Contain("'model.onnx'"));
    }

    [Test]
    public void All_faults_are_found_at_once()
    {
        using var folder = new TemporaryFolder().With(GenAiLayout.ConfigName, Config);

        Assert.That(ModelFolder.FindFaults(folder.Path, modelFile: null, needsTokenizer: true), Has.Exactly(2).Items
            .And.Some.Contains("model.onnx").And.Some.Contains("tokenizer.json"));
    }

    [Test]
    public void A_malformed_tokenizer_is_a_fault()
    {
        using var folder = new TemporaryFolder().With(GenAiLayout.ConfigName, Config).With("model.onnx", "").With("tokenizer.json", "{\n\n\"a\":}");

        Assert.That(ModelFolder.FindFaults(folder.Path, modelFile: null, needsTokenizer: true), Has.Exactly(1).Items.And.Some.Contains("tokenizer.json").And.Some.Contains("line 3"));
    }

    [Test]
    public void Comments_closing_commas_and_a_byte_order_mark_are_let_pass_in_every_file()
    {
        using var folder = new TemporaryFolder()
            .With(GenAiLayout.ConfigName, "\uFEFF// by hand\n" + """{"model":{"context_length":64,"decoder":{"num_hidden_layers":2,},},}""")
            .With("model.onnx", "")
            .With("tokenizer.json", "\uFEFF{ /* nothing yet */ }");

        Assert.That(ModelFolder.FindFaults(folder.Path, modelFile: null, needsTokenizer: true), Is.Empty);
        Assert.That(ModelFolder.Read(folder.Path).ContextLength, Is.EqualTo(64));
    }

    [Test]
    public void A_relative_path_and_separators_at_its_end_leave_the_name_alone()
    {
        using var folder = new TemporaryFolder().With(Path.Combine("one", GenAiLayout.ConfigName), Config).With(Path.Combine("one", "model.onnx"), "");
        string one = Path.Combine(folder.Path, "one");

        Assert.That(ModelFolder.Read(one + Path.DirectorySeparatorChar).Name, Is.EqualTo("one"));
        Assert.That(ModelFolder.Read(Path.GetRelativePath(Environment.CurrentDirectory, one)).Path, Is.EqualTo(one));
    }
}
