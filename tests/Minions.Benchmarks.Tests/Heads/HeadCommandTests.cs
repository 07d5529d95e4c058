using System.Text.Json;
using Minions.Benchmarks.Heads;
using Minions.Benchmarks.Models;
using Minions.Core;
using Minions.Core.Generation;

namespace Minions.Benchmarks.Tests.Heads;

/// <summary>The command as a user types it, on the head of the repository and very short texts.</summary>
[NonParallelizable]
public sealed class HeadCommandTests
{
    private static readonly string Head = RepositoryFiles.PathOf("samples", "models", "smollm2", "eagle-head");
    private static readonly string Family = RepositoryFiles.PathOf("tests", "models", "family");

    [Test]
    public void A_heads_agreement_costs_and_bounds_are_told_for_people_and_as_JSON()
    {
        CommandLineRun run = CommandLineRun.Of("head", Head, "--limit", "1", "--max-tokens", "16", "--json", "-");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement report = document.RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.GetProperty("head").GetString(), Is.EqualTo("eagle-head"));
            Assert.That(report.GetProperty("states").EnumerateArray().Select(state => state.GetString()), Is.EqualTo(new[] { "model.layers.10.n1", "model.layers.20.n1", "final" }));
            Assert.That(report.GetProperty("window").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(report.GetProperty("domains").EnumerateArray().Select(domain => domain.GetProperty("domain").GetString()), Is.EqualTo(new[] { "code", "stories", "facts", "all" }));
            foreach (JsonElement domain in report.GetProperty("domains").EnumerateArray())
            {
                Assert.That(Numbers(domain, "agreement"), Has.Length.EqualTo(ChainAgreement.Steps).And.All.InRange(0, 1));
                Assert.That(Numbers(domain, "tokensPerRound"), Has.Length.EqualTo(ChainAgreement.Steps).And.All.InRange(1, 6));
                Assert.That(Numbers(domain, "bound"), Has.Length.EqualTo(ChainAgreement.Steps).And.All.GreaterThan(0));
            }

            Assert.That(Numbers(report.GetProperty("domains")[3], "agreement")[0], Is.GreaterThan(0.3), "it is a head that was trained for this target");
            Assert.That(run.Error, Does.Contain("speculation.json: ").And.Contain("tokens a round"));
        }
    }

    [Test]
    public async Task The_tokens_a_round_are_those_of_a_pipeline_with_this_head_alone()
    {
        const int Length = 3;
        using LoadedModels models = await LoadedModels.LoadAsync(new HeadArguments { Folder = Head }.Folders, CancellationToken.None);
        int[] prompt = [.. models.Tokenizer.Encode(PromptFile.Read(RepositoryModels.SmolLm2.PromptFile, 1)[0].Text, parseSpecialTokens: true)];
        await using SpeculativePipeline pipeline = models.Pipeline(models.Heads, Length);

        GenerationResult result = await pipeline.GenerateAsync(prompt, new GenerationOptions { MaxOutputTokens = 48 });
        ChainAgreement chains = new ChainMeter(models.Target, models.Heads[0], window: 0).Measure("any", [.. prompt, .. result.TokenIds], prompt.Length, CancellationToken.None);

        Assert.That(ChainAgreement.TokensPerRound([chains], Length), Is.EqualTo(result.Statistics.TokensPerRound).Within(1e-9));
    }

    [Test]
    public void A_window_is_told_and_begins_every_chain_anew()
    {
        CommandLineRun run = CommandLineRun.Of("head", Head, "--limit", "1", "--max-tokens", "10", "--window", "16");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain("of the newest 16 positions only, anew at every place"));
    }

    [Test]
    public void A_head_of_another_target_is_refused_with_what_does_not_fit()
    {
        CommandLineRun run = CommandLineRun.Of("head", Head, "--target", Path.Combine(Family, "target"), "--prompts", Path.Combine(Family, "prompts-dev.jsonl"));

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.BadInput), run.Output);
        Assert.That(run.Error, Does.Contain("error: ").And.Contain("model.layers.10.n1"));
    }

    [TestCase("/no/such/folder", "FOLDER '/no/such/folder'")]
    [TestCase("docs", "no other ONNX file")]
    public void A_folder_without_a_head_is_refused(string folder, string message)
    {
        CommandLineRun run = CommandLineRun.Of("head", folder == "docs" ? RepositoryFiles.PathOf("docs") : folder);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(run.Error, Does.Contain("error: ").And.Contain(message));
    }

    [TestCase("--target", "/no/such/folder", "--target /no/such/folder")]
    [TestCase("--json", "/no/such/folder/file", "--json /no/such/folder/file")]
    [TestCase("--window", "0", "--window: '0'")]
    public void A_wrong_argument_is_refused_as_typed(string option, string value, string message)
    {
        CommandLineRun run = CommandLineRun.Of("head", Head, option, value);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(run.Error, Does.StartWith("error: ").And.Contain(message));
    }

    private static double[] Numbers(JsonElement element, string field) => [.. element.GetProperty(field).EnumerateArray().Select(number => number.GetDouble())];
}
