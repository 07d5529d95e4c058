using System.Text.Json;

namespace Quickstart.Tests;

public sealed class QuickstartAppTests
{
    private static readonly string Family = RepositoryFiles.PathOf("tests", "models", "family");

    private static readonly string[] Models =
    [
        "--target", Path.Combine(Family, "target"),
        "--draft", Path.Combine(Family, "draft-docs"), "--draft", Path.Combine(Family, "draft-plays"), "--draft", Path.Combine(Family, "draft-tales"),
    ];

    [Test]
    public async Task Json_is_one_object_on_standard_output_and_nothing_else()
    {
        string prompts = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(prompts, File.ReadLines(Path.Combine(Family, "prompts-dev.jsonl")).Take(3));

            CommandLineRun run = await CommandLineRun.Of([.. Models, "--prompts", prompts, "--max-tokens", "24", "--length", "4", "--json"]);

            Assert.That(run.Error, Is.Empty);
            Assert.That(run.ExitCode, Is.Zero);
            using JsonDocument document = JsonDocument.Parse(run.Output);
            Assert.That(document.RootElement.GetProperty("identical").GetBoolean(), Is.True);
            Assert.That(document.RootElement.GetProperty("tokensPerRound").GetDouble(), Is.GreaterThan(1));
            Assert.That(document.RootElement.GetProperty("acceptance").GetDouble(), Is.GreaterThan(0).And.LessThanOrEqualTo(1));
            Assert.That(document.RootElement.GetProperty("prompts").GetArrayLength(), Is.EqualTo(3));
        }
        finally
        {
            File.Delete(prompts);
        }
    }

    [Test]
    public async Task A_target_alone_has_no_drafts()
    {
        CommandLineRun run = await CommandLineRun.Of([.. Models[..2], "--raw", "--prompt", "Once upon a time", "--max-tokens", "16", "--json"]);

        Assert.That(run.Error, Is.Empty);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.That(document.RootElement.GetProperty("tokensPerRound").GetDouble(), Is.EqualTo(1));
        Assert.That(document.RootElement.GetProperty("acceptance").GetDouble(), Is.Zero);
    }

    [Test]
    public async Task The_answer_to_a_prompt_is_shown_with_a_table()
    {
        CommandLineRun run = await CommandLineRun.Of([.. Models, "--raw", "--prompt", "Once upon a time", "--max-tokens", "16"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.Zero);
            Assert.That(run.Error, Is.Empty);
            Assert.That(run.Output, Does.Contain("> Once upon a time").And.Contain("speculative").And.Contain("yes"));
            Assert.That(run.Output, Does.Not.Contain("\u001b"), "no colours where nobody sees them");
        }
    }

    [Test]
    public async Task An_interrupted_run_ends_with_the_code_that_shells_expect()
    {
        var interruption = new Interruption();
        interruption.Interrupt();

        CommandLineRun run = await CommandLineRun.Of([.. Models, "--raw", "--prompt", "Once"], interruption: interruption);

        Assert.That(run, Is.EqualTo(new CommandLineRun(130, "", "interrupted." + Environment.NewLine)));
    }

    [Test]
    public async Task A_folder_without_a_model_is_told_by_its_argument()
    {
        CommandLineRun target = (await CommandLineRun.Of(["--target", Family])).AssertRefused($"--target {Family}: ", "genai_config.json", "config.json");
        Assert.That(target.Error, Does.Not.Contain("MinionsOptions"), "which says nothing to somebody who typed an argument");
        (await CommandLineRun.Of([.. Models[..2], "--draft", Family])).AssertRefused($"--draft {Family}: ", "genai_config.json", "config.json");
    }

    [Test]
    public async Task A_draft_of_another_tokenizer_is_told_by_its_argument()
    {
        string draft = RepositoryFiles.PathOf("samples", "models", "smollm2", "draft-code");

        (await CommandLineRun.Of([.. Models[..2], "--draft", draft])).AssertRefused($"--draft {draft}: ");
    }

    [Test]
    public async Task A_provider_that_cannot_load_is_told_with_the_package_to_add()
    {
        (await CommandLineRun.Of([.. Models, "--provider", "cuda"])).AssertRefused("--provider cuda: ", "Microsoft.ML.OnnxRuntime.Gpu");
        (await CommandLineRun.Of([.. Models, "--provider", "cpu", "--target-provider", "cuda"])).AssertRefused("--target-provider cuda: ", "Minions.Core.Cuda", Models[1]);
        // Drafts load side by side: any of them may be the first to fail.
        (await CommandLineRun.Of([.. Models, "--draft-provider", "cuda"])).AssertRefused("--draft-provider cuda: ", "Minions.Core.Cuda", "draft-");
        (await CommandLineRun.Of(["--draft-provider", "cuda"])).AssertRefused("--draft-provider cuda: ", "eagle-head");
    }

    [Test]
    public async Task A_model_s_own_provider_wins_over_that_of_all()
    {
        CommandLineRun run = await CommandLineRun.Of(
            [.. Models, "--provider", "cuda", "--target-provider", "cpu", "--draft-provider", "auto", "--device-id", "3", "--raw", "--prompt", "Once upon a time", "--max-tokens", "4", "--json"]);

        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task A_target_without_a_template_gets_the_prompt_as_it_is_and_one_line_says_so()
    {
        string[] prompt = ["--prompt", "Once upon a time", "--max-tokens", "8", "--json"];

        CommandLineRun plain = await CommandLineRun.Of([.. Models[..2], .. prompt]);
        CommandLineRun raw = await CommandLineRun.Of([.. Models[..2], "--raw", .. prompt]);

        Assert.That(plain.Error, Does.StartWith("note: ").And.Contain("no chat template").And.Contain("--raw"));
        Assert.That(plain.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(Text(plain), Is.EqualTo(Text(raw)));
    }

    [TestCase("{% if %}", "line 1")]
    [TestCase("{{ raise_exception('no users here') }}", "no users here")]
    public async Task A_template_that_cannot_be_used_is_told_before_any_model_loads(string template, string reason)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("chat_template.jinja", template).With("model.onnx", "which could not be loaded");
        foreach (string file in new[] { "genai_config.json", "tokenizer.json" })
            folder.With(file, File.ReadAllText(Path.Combine(Family, "target", file)));

        (await CommandLineRun.Of(["--target", folder.Path, "--prompt", "x"])).AssertRefused($"--target {folder.Path}: ", "'default'", reason, "--raw");
    }

    [Test]
    public async Task A_prompt_longer_than_the_context_is_told_by_its_argument()
    {
        string prompt = string.Concat(Enumerable.Repeat("word ", 10_000));

        (await CommandLineRun.Of([.. Models[..2], "--prompt", prompt])).AssertRefused("--prompt: ", "context");
    }

    private static string Text(CommandLineRun run)
    {
        using JsonDocument document = JsonDocument.Parse(run.Output);
        return document.RootElement.GetProperty("prompts")[0].GetProperty("text").GetString()!;
    }
}
