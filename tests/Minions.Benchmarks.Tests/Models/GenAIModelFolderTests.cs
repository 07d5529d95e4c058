using System.Text.Json;
using Minions.Benchmarks.Models;
using Minions.Core.OnnxRuntime;
using Quickstart;

namespace Minions.Benchmarks.Tests.Models;

public sealed class GenAIModelFolderTests
{
    private static readonly string Target = Path.Combine(RepositoryFiles.Family, "target");
    private static readonly string Draft = Path.Combine(RepositoryFiles.Family, "draft-docs");

    [Test]
    public void Sessions_are_set_as_the_librarys_own()
    {
        using var folder = new GenAIModelFolder(Target, Draft, ExecutionProvider.Cpu);
        using JsonDocument config = Config(folder);
        JsonElement model = config.RootElement.GetProperty("model");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(folder.Target, Has.Property("Threads").EqualTo(Environment.ProcessorCount).And.Property("RestsBetweenRuns").True.And.Property("Providers").Empty);
            Assert.That(folder.Draft, Has.Property("Threads").EqualTo(1).And.Property("RestsBetweenRuns").True.And.Property("Providers").Empty);
            Assert.That(Threads(model.GetProperty("decoder")), Is.EqualTo(Environment.ProcessorCount));
            Assert.That(Threads(model.GetProperty("draft")), Is.EqualTo(1));
            Assert.That(model.GetProperty("draft").GetProperty("num_hidden_layers").GetInt32(), Is.EqualTo(2), "the draft is the draft's decoder");
            Assert.That(folder.DraftContextLength, Is.EqualTo(512));
            foreach (string part in new[] { "decoder", "draft" })
                Assert.That(Path.Combine(folder.Location, model.GetProperty(part).GetProperty("filename").GetString()!), Does.Exist);
        }
    }

    [Test]
    public void What_a_folder_says_of_its_session_is_kept()
    {
        using var given = new TemporaryFolder();
        Write(given, """{"model":{"decoder":{"filename":"other.onnx","session_options":{"intra_op_num_threads":3,"session.force_spinning_stop":"0","provider_options":[{"cuda":{"a":"b"}},{"dml":{}}]}}}}""");
        using var asGiven = new GenAIModelFolder(given.Path, Draft, ExecutionProvider.Auto);
        using var onCpu = new GenAIModelFolder(given.Path, Draft, ExecutionProvider.Cpu);
        using var onCuda = new GenAIModelFolder(given.Path, Draft, ExecutionProvider.Cuda);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(asGiven.Target, Has.Property("Threads").EqualTo(3).And.Property("RestsBetweenRuns").False);
            Assert.That(new[] { asGiven, onCpu, onCuda }.Select(folder => string.Join(' ', folder.Target.Providers)), Is.EqualTo(new[] { "cuda dml", "", "cuda" }));
            Assert.That(new[] { asGiven, onCpu, onCuda }.Select(folder => folder.Draft!.Providers), Is.EqualTo(new[] { asGiven, onCpu, onCuda }.Select(folder => folder.Target.Providers)), "GenAI asks for the same");
            Assert.That(Config(onCuda).RootElement.GetRawText(), Does.Contain("{\"cuda\":{\"a\":\"b\"}}"));
            Assert.That(Config(onCpu).RootElement.GetProperty("model").GetProperty("decoder").GetProperty("filename").GetString(), Is.EqualTo("target/other.onnx"));
        }
    }

    [Test]
    public void The_models_stay_when_the_folder_goes()
    {
        string location;
        using (var folder = new GenAIModelFolder(Target, Draft, ExecutionProvider.Cpu))
            location = folder.Location;

        Assert.That(location, Does.Not.Exist);
        Assert.That(Path.Combine(Target, "model.onnx"), Does.Exist);
        Assert.That(Path.Combine(Draft, "model.onnx"), Does.Exist);
    }

    [TestCase("""{"model":{"decoder":{},"draft":{}}}""", "names a draft of its own")]
    [TestCase("""{"model":{}}""", "has no object 'decoder'")]
    [TestCase("""[]""", "holds no JSON object")]
    [TestCase("""{"model":""", "cannot be read")]
    [TestCase("""{"model":{"decoder":{"session_options":{"intra_op_num_threads":"many"}}}}""", "No folder for GenAI can be made")]
    public void A_configuration_that_cannot_be_used_is_refused_by_its_file(string config, string message)
    {
        using var given = new TemporaryFolder();
        Write(given, config);

        Assert.That(() => new GenAIModelFolder(given.Path, null, ExecutionProvider.Auto), Throws.TypeOf<BadInputException>().With.Message.Contains(message).And.Message.Contains(given.Path));
    }

    private static void Write(TemporaryFolder folder, string config) => File.WriteAllText(Path.Combine(folder.Path, "genai_config.json"), config);

    private static JsonDocument Config(GenAIModelFolder folder) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Location, "genai_config.json")));

    private static int Threads(JsonElement decoder) => decoder.GetProperty("session_options").GetProperty("intra_op_num_threads").GetInt32();
}
