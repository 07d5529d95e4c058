using System.Text.Json;

namespace Minions.Benchmarks.Tests.Gpu;

/// <summary>The command as a user types it, on the CPU: all it measures can be measured there, too.</summary>
[NonParallelizable]
public sealed class GpuCommandTests
{
    private static readonly string Family = RepositoryFiles.PathOf("tests", "models", "family");
    private readonly string _json = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");

    [TearDown]
    public void Delete() => File.Delete(_json);

    [Test]
    public void Everything_is_in_one_file()
    {
        CommandLineRun run = OnFamily("--provider", "cpu", "--json", _json);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_json));
        JsonElement machine = document.RootElement.GetProperty("machine");
        JsonElement set = document.RootElement.GetProperty("sets").EnumerateArray().Single();
        JsonElement endToEnd = set.GetProperty("endToEnd");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(machine.GetProperty("onnxRuntimeNative").GetString(), Does.StartWith("1."));
            Assert.That(machine.GetProperty("providers").EnumerateArray().Select(provider => provider.GetString()), Does.Contain("CPUExecutionProvider"));
            Assert.That(set.GetProperty("memory").GetArrayLength(), Is.EqualTo(3));
            Assert.That(set.GetProperty("notComparedBecause").GetString(), Does.Contain("runs there"));
            Assert.That(endToEnd.GetProperty("targetProvider").GetString(), Is.EqualTo("Cpu"));
            Assert.That(endToEnd.GetProperty("draftProviders").GetProperty("draft-docs").GetString(), Is.EqualTo("Cpu"));
            Assert.That(endToEnd.GetProperty("exact").GetBoolean(), Is.True);
            Assert.That(endToEnd.GetProperty("costs").EnumerateArray().Select(cost => cost.GetProperty("milliseconds").GetDouble()), Is.All.GreaterThan(0));
            Assert.That(endToEnd.GetProperty("arms").EnumerateArray().Select(arm => arm.GetProperty("name").GetString()), Is.EqualTo(new[] { "plain", "plain-identical", "vote" }));
            Assert.That(endToEnd.GetProperty("arms").EnumerateArray().Skip(1).Select(arm => arm.GetProperty("textsDiffering").GetInt32()), Is.All.Zero);
            Assert.That(document.RootElement.GetProperty("failures").GetArrayLength(), Is.Zero);
            Assert.That(run.Output, Does.Contain("ONNX Runtime 1.").And.Contain("the target runs on Cpu").And.Contain("cost of a run").And.Contain("All checks passed."));
        }
    }

    [Test]
    public void Without_a_GPU_it_says_so_in_one_sentence_and_with_a_code_of_its_own()
    {
        CommandLineRun run = OnFamily("--json", _json);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(3));
            Assert.That(run.Output, Is.Empty);
            Assert.That(run.Error, Does.StartWith("No GPU was checked: ").And.Contain("-p:MinionsNative=Cuda").And.Contain("--provider cpu"));
            Assert.That(run.Error.Trim(), Does.Not.Contain("\n"), "one line");
            Assert.That(File.Exists(_json), Is.False);
        }
    }

    [TestCase("--draft", "x", "needed together with --target")]
    [TestCase("--prompts", "x", "needed together with --target")]
    [TestCase("--target", "/no/such/folder", "--target /no/such/folder: there is no such folder")]
    [TestCase("--provider", "tpu", "--provider: 'tpu'")]
    [TestCase("--device-id", "one", "--device-id: 'one'")]
    [TestCase("--limit", "0", "--limit: '0'")]
    [TestCase("--json", "/no/such/folder/file", "--json /no/such/folder/file")]
    public void A_wrong_argument_is_refused_as_typed(string option, string value, string message)
    {
        CommandLineRun run = CommandLineRun.Of("gpu", option, value);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith("error: ").And.Contain(message));
    }

    private static CommandLineRun OnFamily(params string[] more) => CommandLineRun.Of(
    [
        "gpu", "--target", Path.Combine(Family, "target"), "--draft", Path.Combine(Family, "draft-docs"), "--prompts", Path.Combine(Family, "prompts-dev.jsonl"),
        "--limit", "1", "--max-tokens", "6", "--repeat", "1", .. more,
    ]);
}
